#include "actors/cluster.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "tests/benchmarks/benchmark_context.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/medians.hpp"
#include "tests/benchmarks/memory_use.hpp"
#include "tests/benchmarks/phases.hpp"
#include "tests/benchmarks/training_rows.hpp"

#include <unistd.h>

namespace souk::benchmarks {

namespace {

models::precision precision_named(const std::string& name) {
  if (name == "fp32")
    return models::precision::fp32;
  if (name == "bf16")
    return models::precision::bf16;
  throw core::error::request("the precision \"" + name + "\" is unknown", "--precision",
                             "choose fp32 or bf16");
}

actors::training_options training_for(const train_request& request) {
  actors::training_options training;
  training.precision = precision_named(request.precision);
  // Timing ends the training, and nothing else interrupts it.
  training.epochs = 1'000'000;
  training.batch_users = request.batch;
  training.blocks = request.blocks;
  training.validate.every_epochs = training.epochs;
  training.checkpoint.every_steps = std::uint64_t{1} << 40;
  return training;
}

/// Notes when leases end, and ends the training when enough steps were seen: an
/// interrupt is heard while a lease runs, and lets it finish.
class stopwatch : public actors::training_observer {
public:
  stopwatch(actors::training_schedule schedule, std::uint64_t steps)
    : schedule_{std::move(schedule)}, warm_up_{schedule_.lease_end(0)},
      steps_to_see_{warm_up_ + steps} {
    // nop
  }

  actors::training_start start() override {
    return {};
  }

  /// The coordinator tells a lease's losses together when all its steps are done.
  void
  record(std::uint64_t step, std::uint64_t, const char* name, double value) override {
    if (name != std::string_view{"loss"} || last_end_ >= steps_to_see_)
      return;
    loss_ = value;
    if (step != lease_end_)
      return;
    const auto now = core::seconds_now();
    if (step == warm_up_) {
      began_ = now;
    } else {
      const auto steps = static_cast<double>(step - last_end_);
      step_seconds_.push_back((now - last_time_) / steps);
    }
    last_end_ = step;
    last_time_ = now;
    lease_end_ = schedule_.lease_end(step);
    last_lease_runs = lease_end_ >= steps_to_see_;
  }

  std::optional<double> validate(core::span<const float>) override {
    return std::nullopt;
  }

  void save(const actors::training_progress&, const actors::training_view&) override {
    // nop
  }

  void finished(const actors::training_progress&, core::span<const float>) override {
    // nop
  }

  std::uint64_t steps() const {
    return last_end_ - warm_up_;
  }

  double seconds() const {
    return last_time_ - began_;
  }

  double median_step_seconds() const {
    return quantile(step_seconds_, 0.5);
  }

  double loss() const {
    return loss_;
  }

  std::atomic<bool> last_lease_runs{false};

private:
  actors::training_schedule schedule_;
  std::uint64_t warm_up_;
  std::uint64_t steps_to_see_;
  std::uint64_t lease_end_ = warm_up_;
  std::uint64_t last_end_ = 0;
  double began_ = 0;
  double last_time_ = 0;
  double loss_ = 0;
  std::vector<double> step_seconds_; ///< by lease
};

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
