#include "actors/cluster.hpp"
#include "core/error.hpp"
#include "tests/benchmarks/benchmark_context.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/memory_use.hpp"
#include "tests/benchmarks/phases.hpp"
#include "tests/benchmarks/precision_named.hpp"
#include "tests/benchmarks/stopwatch.hpp"
#include "tests/benchmarks/training_rows.hpp"
#include "tests/benchmarks/use_isa_named.hpp"

namespace souk::benchmarks {

namespace {

actors::training_options training_for(const train_request& request) {
  auto training = endless_training(request.batch, request.blocks);
  training.precision = precision_named(request.precision);
  return training;
}

void check(const train_request& request) {
  refuse_zero(request.batch, "--batch");
  refuse_zero(request.trainers, "--trainers");
  refuse_zero(request.threads, "--threads");
  refuse_zero(request.steps, "--steps");
  if (request.blocks == 0 || (request.blocks & (request.blocks - 1)) != 0)
    throw core::error::request("it is no power of two", "--blocks", "use 1, 2, 4, ...");
  if (request.trainers > request.blocks)
    throw core::error::request("there are more trainers than blocks", "--trainers",
                               "use more blocks");
}

} // namespace

nlohmann::ordered_json train(const train_request& request) {
  check(request);
  use_isa_named(request.isa);
  const auto training = training_for(request);
  const auto rows = std::make_shared<const core::interactions>(
    whole_batches(rows_of(request.data), request.batch));
  const auto users = static_cast<std::uint32_t>(rows->num_rows());
  const auto watch = std::make_shared<stopwatch>(
    actors::training_schedule{training, {users, request.batch, request.blocks}},
    request.steps);

  actors::cluster_options shape;
  shape.trainers = request.trainers;
  shape.threads_per_trainer = request.threads;
  {
    actors::cluster cluster{
      shape, {}, std::make_shared<benchmark_context>(training, rows)};
    cluster.train(0, watch, watch->last_lease_runs);
  }
  const auto steps = static_cast<double>(watch->steps());
  const auto peak = peak_mb(); // before the phases, which take memory of their own
  return {{"shape", request.data.shape},
          {"users", users},
          {"items", rows->num_items},
          {"events", rows->items.size()},
          {"precision", request.precision},
          {"isa", models::platform().at("isa")},
          {"batch", request.batch},
          {"blocks", request.blocks},
          {"trainers", request.trainers},
          {"threads", request.threads},
          {"steps", watch->steps()},
          {"loss", watch->loss()},
          {"users_per_second", steps * request.batch / watch->seconds()},
          {"step_ms", watch->median_step_seconds() * 1e3},
          {"peak_mb", peak},
          {"phases_ms", phases_of(request, training.precision, *rows)}};
}

} // namespace souk::benchmarks
