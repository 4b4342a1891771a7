#pragma once

#include "actors/training_progress.hpp"
#include "core/snapshot.hpp"
#include "experiments/checkpoint_writer.hpp"
#include "experiments/metrics_file.hpp"
#include "experiments/order_file.hpp"
#include "experiments/run_state.hpp"
#include "models/learner.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

/// Returns the validation metric of a network's parameters, or nothing if there are no
/// validation users.
std::optional<double> validation_metric(const run_state& run,
                                        const models::network& network,
                                        core::span<const float> parameters);

/// Where a model's training lands: its curve in the run directory, its checkpoints and
/// the order of its gradients (if that decides the answer) beside it, its validation on
/// the held-out users, and in the end its snapshot.
///
/// Called by the coordinator, in the coordinator's thread. Checkpoints are written in
/// another one; the last is whole, or was found not to be writable, when the training
/// starts again and when the recorder is gone.
class training_recorder : public actors::training_observer {
public:
  training_recorder(run_state& run,
                    named_model model,
                    metrics_file& curves,
                    std::string checkpoints);

  actors::training_start start() override;
  void record(std::uint64_t step,
              std::uint64_t epoch,
              const char* name,
              double value) override;
  void moved(std::uint64_t step,
             std::uint64_t bytes_pushed,
             std::uint64_t bytes_both_ways) override;
  void happened(std::uint64_t first,
                std::uint64_t last,
                std::size_t range,
                std::size_t num_ranges,
                const actors::range_order& order) override;
  void worked(std::uint64_t step,
              std::uint64_t epoch,
              const std::vector<core::role_status>& roles) override;
  std::optional<double> validate(core::span<const float> parameters) override;
  void save(const actors::training_progress& progress,
            const actors::training_view& tensors) override;
  void finished(const actors::training_progress& progress,
                core::span<const float> parameters) override;

  /// The trained model; whole once `finished` was called.
  const core::snapshot& model() const {
    return trained_;
  }

  /// Steps of this process's share of the training, each counted once.
  std::uint64_t steps() const {
    return last_step_ - first_step_;
  }

  /// Steps of the training in all.
  std::uint64_t last_step() const {
    return last_step_;
  }

  /// Whether the order of gradients is known from the first step on.
  bool orders_are_whole() const {
    return orders_are_whole_;
  }

  /// Seconds from the end of an epoch to the end of the next, validation and
  /// checkpoints included; empty before the second.
  const std::vector<double>& epoch_seconds() const {
    return epoch_seconds_;
  }

  /// Steps that were computed again, because processes were lost, this one included, by
  /// the run as a whole.
  std::uint64_t steps_computed_again() const;

  /// Trainers that were named as slow, and by how much at most.
  const std::map<std::string, double>& slow_trainers() const {
    return slow_trainers_;
  }

  /// Checkpoints of this session that could not be written. Waits for the last one.
  std::uint64_t checkpoints_failed();

  /// Means over the steps of this session, each as often as it was computed.
  double bytes_pushed_per_step() const {
    return per_step(bytes_pushed_);
  }

  double bytes_moved_per_step() const {
    return per_step(bytes_moved_);
  }

private:
  actors::training_start last_checkpoint() const;
  void note_computed_again(std::uint64_t last, std::uint64_t step);
  void rewind_orders(std::uint64_t step);
  std::shared_ptr<const std::vector<actors::range_order>> orders_to_repeat() const;

  double per_step(std::uint64_t bytes) const {
    return steps_moved_ == 0
             ? 0.0
             : static_cast<double>(bytes) / static_cast<double>(steps_moved_);
  }

  run_state& run_;
  named_model model_;
  metrics_file& curves_;
  std::string checkpoints_;
  std::unique_ptr<order_file> orders_; ///< where the file has no one answer
  std::unique_ptr<models::network> network_;
  std::uint64_t steps_per_epoch_ = 0;
  std::uint64_t total_steps_ = 0;
  core::snapshot trained_;
  bool has_started_ = false;
  std::uint64_t first_step_ = 0;
  std::uint64_t last_step_ = 0;
  std::optional<double> epoch_ended_; ///< when the last one did
  std::vector<double> epoch_seconds_;
  std::uint64_t steps_moved_ = 0; ///< each as often as it was computed
  std::uint64_t bytes_pushed_ = 0;
  std::uint64_t bytes_moved_ = 0;
  bool orders_are_whole_ = true;
  std::string detail_;
  std::map<std::string, double> slow_trainers_; ///< times slower, by role
  std::uint64_t best_epoch_copied_ = 0; ///< whose weights the writer has; 0: none
  checkpoint_writer writer_;            ///< last, so that it ends first
};

} // namespace souk::experiments
