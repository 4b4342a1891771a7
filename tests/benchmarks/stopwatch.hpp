#pragma once

#include "actors/training_progress.hpp"
#include "core/clock.hpp"
#include "tests/benchmarks/medians.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace souk::benchmarks {

/// A training that only timing ends, and that nothing interrupts.
inline actors::training_options endless_training(std::uint32_t batch_users,
                                                 std::uint32_t blocks) {
  actors::training_options training;
  training.epochs = 1'000'000;
  training.batch_users = batch_users;
  training.blocks = blocks;
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

  void moved(std::uint64_t, std::uint64_t, std::uint64_t both_ways) override {
    bytes_ += both_ways;
    ++steps_moved_;
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

  /// All that tickets of gradients, parameters and partial sums named, on average.
  double bytes_per_step() const {
    return static_cast<double>(bytes_) / static_cast<double>(steps_moved_);
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
  std::uint64_t bytes_ = 0;
  std::uint64_t steps_moved_ = 0;
  std::vector<double> step_seconds_; ///< by lease
};

} // namespace souk::benchmarks
