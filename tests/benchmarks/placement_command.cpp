#include "actors/cluster.hpp"
#include "tests/benchmarks/benchmark_context.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/memory_use.hpp"
#include "tests/benchmarks/placement_named.hpp"
#include "tests/benchmarks/precision_named.hpp"
#include "tests/benchmarks/shapes.hpp"
#include "tests/benchmarks/stopwatch.hpp"
#include "tests/benchmarks/use_isa_named.hpp"

namespace souk::benchmarks {

namespace {

constexpr std::uint32_t batch_users = 500;
constexpr std::uint32_t blocks = 4;

/// Few enough users that an epoch, and so a lease, is short.
constexpr std::uint32_t batches_per_epoch = 4;

/// Draws before the same item twice becomes one: 70 items a user at 20,000.
constexpr double draws_per_user = 79;

} // namespace

nlohmann::ordered_json measure_placement(const placement_request& request) {
  refuse_zero(request.items, "--items");
  refuse_zero(request.hidden, "--hidden");
  refuse_zero(request.servers, "--servers");
  refuse_zero(request.threads, "--threads");
  refuse_zero(request.steps, "--steps");
  use_isa_named(request.isa);
  auto training = endless_training(batch_users, blocks);
  training.precision = precision_named(request.precision);
  training.placement = {placement_named(request.kind, "--kind"), request.ranges};
  models::model_options model;
  model.hidden = {request.hidden};
  const auto rows = std::make_shared<const core::interactions>(synthetic_rows(
    {"power law", batches_per_epoch * batch_users, request.items, draws_per_user}));
  const auto watch = std::make_shared<stopwatch>(
    actors::training_schedule{
      training, {static_cast<std::uint32_t>(rows->num_rows()), batch_users, blocks}},
    request.steps);
  actors::cluster_options shape;
  shape.threads_per_trainer = request.threads;
  shape.parameter_servers = request.servers;
  {
    actors::cluster cluster{
      shape, {}, std::make_shared<benchmark_context>(training, rows, model)};
    cluster.train(0, watch, watch->last_lease_runs);
  }
  return {{"placement", request.kind},
          {"items", rows->num_items},
          {"hidden", request.hidden},
          {"items_a_user", static_cast<double>(rows->items.size())
                             / static_cast<double>(rows->num_rows())},
          {"servers", request.servers},
          {"threads", request.threads},
          {"precision", request.precision},
          {"isa", models::platform().at("isa")},
          {"steps", watch->steps()},
          {"loss", watch->loss()},
          {"megabytes_per_step", watch->bytes_per_step() / 1e6},
          {"step_ms", watch->median_step_seconds() * 1e3},
          {"peak_mb", peak_mb()}};
}

} // namespace souk::benchmarks
