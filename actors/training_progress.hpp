#pragma once

#include "actors/batches.hpp"
#include "actors/clocks.hpp"
#include "actors/options.hpp"
#include "actors/range_order.hpp"
#include "core/parameter_layout.hpp"
#include "core/run_status.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace souk::actors {

/// How far a training is: everything besides tensors that a checkpoint keeps.
struct training_progress {
  std::uint64_t step = 0; ///< steps applied
  /// Sums over the users of the present epoch so far, in nats.
  double negative_log_likelihood = 0;
  double divergence = 0;
  std::optional<double> best_metric;
  std::uint64_t best_epoch = 0; ///< counts from 1; 0 = none yet
  std::uint32_t validations_without_best = 0;
};

/// Decides what comes next, by cuts (see `clocks`); knows neither messages nor tensors.
class training_schedule {
public:
  /// Steps that may be granted at once, unless a clock has more: few enough that an
  /// interrupt is heard soon.
  static constexpr std::uint64_t lease_steps = 16;

  training_schedule(const training_options& options, const batches& plan);

  std::uint64_t total_steps() const;

  /// The next cut after `step` where training comes to rest: the end of the epoch, or
  /// where a checkpoint is due, which is the first cut at or after a multiple of its
  /// steps.
  std::uint64_t rest_after(std::uint64_t step) const;

  /// End of the lease that starts at the cut `step`: whole clocks, never beyond
  /// `rest_after(step)`.
  std::uint64_t lease_end(std::uint64_t step) const;

  bool ends_epoch(std::uint64_t step) const;

  /// Whether weights are to be validated after `step` steps (always after the last).
  bool validates_at(std::uint64_t step) const;

  /// Whether a checkpoint is due at a cut.
  bool checkpoints_at(std::uint64_t step) const;

  /// Notes a validation's metric (higher is better); true if it is a new best.
  bool note_validation(training_progress& progress, double metric) const;

  /// Whether training is over: all epochs are done, or patience ran out.
  bool is_over(const training_progress& progress) const;

private:
  training_options options_;
  batches plan_;
  clocks time_;
};

/// The tensors that a training starts from, each over the whole arena.
struct training_tensors {
  core::parameter_arena parameters;
  core::parameter_arena first_moments;   ///< empty: zeros
  core::parameter_arena second_moments;  ///< empty: zeros
  core::parameter_arena best_parameters; ///< empty before the first best
  /// What trainers keep from step to step, by number; empty: zeros. Residuals by block,
  /// or under local SGD two for each replica: Adam's moments.
  std::vector<core::parameter_arena> residuals;
};

/// Where a training starts.
struct training_start {
  training_progress progress;
  std::shared_ptr<training_tensors> tensors; ///< null: initial weights
  /// What another execution did to each range, to be repeated; null: nothing is.
  std::shared_ptr<const std::vector<range_order>> orders;
};

/// Views the tensors of a training between two steps, each over the whole arena.
struct training_view {
  core::span<const float> parameters;
  core::span<const float> first_moments;
  core::span<const float> second_moments;
  core::span<const float> best_parameters; ///< empty before the first best
  /// What trainers keep, by number as in `training_tensors`; empty where they do not.
  std::vector<core::span<const float>> residuals;
};

/// Told by the coordinator what happens, in its thread; outlives it. Implemented by
/// whoever owns the run directory and the validation users.
class training_observer {
public:
  virtual ~training_observer() = default;

  /// Says where to start: at what was saved last, or at the beginning. What was
  /// recorded beyond that will be recorded again. Called while no coordinator runs.
  virtual training_start start() = 0;

  /// A point of a curve ("loss" of a step, "ndcg@100" of an epoch).
  virtual void
  record(std::uint64_t step, std::uint64_t epoch, const char* name, double value) = 0;

  /// So many bytes of tensors went to the servers because of a step, and to them and
  /// from them together: all that tickets named, whether it left a process or not.
  virtual void moved(std::uint64_t /*step*/,
                     std::uint64_t /*bytes_pushed*/,
                     std::uint64_t /*bytes_both_ways*/) {
    // nop
  }

  /// At a cut, where the file has no one answer: what happened to a range of the
  /// parameters, of `num_ranges`, in steps [first, last).
  virtual void happened(std::uint64_t /*first*/,
                        std::uint64_t /*last*/,
                        std::size_t /*range*/,
                        std::size_t /*num_ranges*/,
                        const range_order& /*order*/) {
    // nop
  }

  /// What every role of the training did in an epoch: measurements of wall clock.
  virtual void worked(std::uint64_t /*step*/,
                      std::uint64_t /*epoch*/,
                      const std::vector<core::role_status>& /*roles*/) {
    // nop
  }

  /// Returns the validation metric of these parameters, or nothing if there are no
  /// validation users.
  virtual std::optional<double> validate(core::span<const float> parameters) = 0;

  /// Begins to save a checkpoint; what it keeps is copied when this returns, and
  /// training goes on while it is written.
  virtual void save(const training_progress& progress,
                    const training_view& tensors) = 0;

  /// The training is over; these are the weights to keep.
  virtual void finished(const training_progress& progress,
                        core::span<const float> parameters) = 0;
};

} // namespace souk::actors
