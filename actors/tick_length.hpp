#pragma once

#include "core/clock.hpp"
#include "core/ids.hpp"

#include <cstddef>

namespace souk::actors {

/// How far a market lets its cohorts live at once. What they tell waits in memory until
/// all have told it, so a tick that everybody fills is cut: it grows from a second
/// while it holds few records, and shrinks where it holds many. Any length gives the
/// same results.
class tick_length {
public:
  /// Never above `most`, which divides a day. Aims at less than `records` records.
  explicit tick_length(core::time_ms most = core::hour_ms,
                       std::size_t records = std::size_t{1} << 19);

  /// Learns how many records a tick held.
  void held(std::size_t records);

  core::time_ms get() const {
    return length_;
  }

  /// Returns when the tick begins in which the next thing happens, at `earliest`, where
  /// all before `passed` is over. Ticks never reach across a multiple of `most`.
  core::time_ms begin(core::time_ms earliest, core::time_ms passed) const;

  /// Returns the end of the tick that begins there.
  core::time_ms end(core::time_ms begin) const;

private:
  core::time_ms most_;
  core::time_ms length_;
  std::size_t wanted_;
};

} // namespace souk::actors
