#pragma once

#include "sim/calendar.hpp"
#include "sim/campaigns.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// The shop's year: how busy each day of a run is beside its place in the week. Works
/// as `calendar` does; without seasons and campaigns it is the week itself, to the bit.
class season {
public:
  /// `week` must live as long.
  season(const calendar& week,
         const calendar_options& options,
         const campaigns& sales,
         std::uint32_t days);

  /// Returns the season's time at a simulated time, in average days.
  double elapsed(core::time_ms time) const;

  /// Returns the simulated time at a season's time, rounded up to a millisecond; days
  /// after the run are average ones.
  core::time_ms when(double elapsed_days) const;

private:
  const calendar* week_;
  std::vector<double> factors_;    ///< [days]; empty where all are 1
  std::vector<double> cumulative_; ///< [days + 1], average days before each day
};

} // namespace souk::sim
