#pragma once

#include "core/ids.hpp"
#include "sim/options.hpp"

#include <array>

namespace souk::sim {

/// The shop's week: how busy each hour is. Whoever comes at a steady rate in the
/// calendar's own time comes at busy hours in simulated time (an inhomogeneous Poisson
/// process by time change).
class calendar {
public:
  explicit calendar(const calendar_options& options);

  /// Returns how busy an hour is; the mean over a week is 1.
  double intensity(core::time_ms time) const;

  /// Returns the calendar's time at a simulated time, in average days: 7 after a week.
  double elapsed(core::time_ms time) const;

  /// Returns the simulated time at a calendar's time, rounded up to a millisecond.
  core::time_ms when(double elapsed_days) const;

private:
  static constexpr std::size_t hours_of_week = 168;

  std::array<double, hours_of_week + 1>
    cumulative_{}; ///< average days before each hour
};

} // namespace souk::sim
