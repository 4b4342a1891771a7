#pragma once

#include "core/ids.hpp"
#include "eval/intervals.hpp"

#include <cstddef>
#include <vector>

namespace souk::eval {

/// What users contribute to means over their events: parallel by user, only those who
/// have events.
struct user_sums {
  std::vector<core::user_id> users; ///< ascending
  std::vector<double> events;       ///< [users], above 0
  /// [metrics][users]: a metric's values, summed over the user's events.
  std::vector<std::vector<double>> sums;
};

/// Returns each mean over events with its percentile bootstrap interval over users:
/// [groups][metrics]. Events of one user are alike, so whole users are drawn, and a
/// resample's mean is the sum of values over the number of events (a ratio estimator;
/// Efron & Tibshirani, 1993, chapter 13). `n` counts events.
///
/// All groups are resampled with the same draws, from users [0, num_users). A resample
/// without any user of a group says nothing of it and is left out. Of a single user the
/// interval equals the mean.
std::vector<std::vector<interval>> ratio_intervals(const std::vector<user_sums>& groups,
                                                   std::size_t num_users,
                                                   const resampling_options& options);

} // namespace souk::eval
