#pragma once

#include "actors/options.hpp"

#include <cstdint>
#include <limits>

namespace souk::actors {

/// How a training's steps fall into clocks, and to whom they belong.
///
/// Step g computes batch g of the training, counted from 0 over all epochs; its epoch
/// is g / per_epoch. A clock is a set of consecutive steps after which workers may have
/// to wait for each other, and the only place where training can be cut:
/// - bsp: one step;
/// - ssp, asp: a step of every worker;
/// - local_sgd: `period` steps of every replica.
/// Every epoch begins a new clock, so that the last clock of an epoch may be shorter,
/// and the last workers may have no part in it.
///
/// The steps of an epoch are dealt to the workers in turn: worker w takes those whose
/// number in the epoch is w modulo `workers`. What a worker does in a clock is known by
/// the number of its first step there: its turn.
class clocks {
public:
  /// No step: that of a worker who never has one.
  static constexpr auto never = std::numeric_limits<std::uint64_t>::max();

  /// Some consecutive workers.
  struct worker_range {
    std::uint32_t first = 0;
    std::uint32_t count = 1;
  };

  /// One clock a step.
  clocks() = default;

  clocks(const consistency_options& options, std::uint64_t per_epoch);

  std::uint32_t workers() const {
    return workers_;
  }

  /// The number of the clock that a step belongs to.
  std::uint64_t of(std::uint64_t step) const;

  /// First step of the clock that `step` belongs to.
  std::uint64_t begin(std::uint64_t step) const;

  /// First step of the clock after that of `step`.
  std::uint64_t end(std::uint64_t step) const;

  /// Whether a clock begins at `step`, and training may be cut there.
  bool is_cut(std::uint64_t step) const {
    return begin(step) == step;
  }

  /// The first cut at `step` or later.
  std::uint64_t cut_from(std::uint64_t step) const {
    return is_cut(step) ? step : end(step);
  }

  /// The worker whose step it is.
  std::uint32_t worker(std::uint64_t step) const;

  /// Turns in the clock of `step`: that of worker w is step `begin(step) + w`.
  std::uint32_t turns(std::uint64_t step) const;

  /// First step of some workers in the first clock from the cut `from` on in which they
  /// have a part; `never` if an epoch is too short for them.
  std::uint64_t first_step(worker_range who, std::uint64_t from) const;

  /// The step that they take after `step`: in a clock, one worker after another takes
  /// all of its steps.
  std::uint64_t next_step(worker_range who, std::uint64_t step) const;

  /// The turn of a worker after its turn `step`.
  std::uint64_t next_turn(std::uint64_t step) const {
    return first_step({worker(step), 1}, end(step));
  }

  /// How many steps a step's worker has taken before it.
  std::uint64_t steps_before(std::uint64_t step) const;

private:
  std::uint32_t workers_ = 1;
  std::uint64_t length_ = 1; ///< steps in a full clock
  std::uint64_t per_epoch_ = 1;
};

} // namespace souk::actors
