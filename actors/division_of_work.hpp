#pragma once

#include "actors/clocks.hpp"
#include "actors/options.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace souk::actors {

/// Who computes what: which workers and which of a batch's blocks each trainer has.
///
/// - bsp: all trainers share every batch, by runs of blocks.
/// - ssp, asp: a worker has a trainer of its own, or several that share its batches;
///   with fewer trainers than workers, each worker gets one all the same, since they do
///   not wait for one another.
/// - local_sgd: a trainer has whole replicas, one or more.
class division_of_work {
public:
  /// Divides among `trainers`, at most `most_trainers(training)`.
  division_of_work(const training_options& training, std::uint32_t trainers);

  /// Trainers to start.
  std::uint32_t num_trainers() const {
    return num_trainers_;
  }

  /// What a trainer has.
  struct share {
    clocks::worker_range workers;
    std::uint32_t first_block = 0; ///< of every batch of theirs
    std::uint32_t num_blocks = 0;
  };

  share of(std::uint32_t trainer) const;

  /// Sizes of what is pushed of every worker's gradient, in the order of blocks: the
  /// sum over each trainer's run, or single blocks where those are compressed before
  /// any sum.
  std::vector<std::size_t> pushed_runs() const;

private:
  training_options training_;
  std::uint32_t num_trainers_ = 1;
  std::vector<std::size_t> runs_; ///< of the trainers that share a batch
};

/// The most trainers that a training can use.
std::uint32_t most_trainers(const training_options& training);

} // namespace souk::actors
