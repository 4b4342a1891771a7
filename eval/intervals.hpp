#pragma once

#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace souk::eval {

/// A mean with its 95% interval.
///
/// Where a single value is known the interval says nothing and equals the mean; without
/// values all is 0 and so is `n`.
struct interval {
  double mean = 0;
  double low = 0;
  double high = 0;
  std::uint64_t n = 0; ///< values that the mean is over
};

/// How users are resampled. Draws depend on the seed and on numbers only (stream
/// `bootstrap`, step = resample; entity 0 draws users, entity 1 signs).
struct resampling_options {
  std::uint64_t seed = 0;            ///< the run's
  std::uint32_t resamples = 1000;    ///< of the bootstrap
  std::uint32_t permutations = 9999; ///< of the sign-flip test
};

/// What a 95% interval leaves out on either side.
constexpr double interval_tail = 0.025;

/// Returns the users of a resample, drawn with replacement: [num_users].
std::vector<std::uint32_t>
resampled_users(std::size_t num_users, std::uint64_t seed, std::uint32_t resample);

/// Returns the mean, summed in order; 0 of nothing.
double mean_of(core::span<const double> values);

/// Returns the sample variance (divided by n - 1); 0 of fewer than two values.
double variance_of(core::span<const double> values);

/// Returns the quantile of ascending values, interpolated linearly between neighbours
/// (type 7 of Hyndman & Fan, 1996).
double quantile_of(core::span<const double> ascending, double probability);

/// Returns the means of all resamples, ascending: [columns][resamples].
///
/// Columns are parallel by user. All are resampled with the same draws, so one pass
/// serves every model and metric.
std::vector<std::vector<double>>
bootstrap_means(const std::vector<core::span<const double>>& columns,
                const resampling_options& options);

/// Returns each column's mean with its percentile bootstrap interval over users (Efron
/// & Tibshirani, 1993, chapter 13).
std::vector<interval>
bootstrap_intervals(const std::vector<core::span<const double>>& columns,
                    const resampling_options& options);

/// Returns the mean over replicate worlds with Student's t interval.
interval student_t_interval(core::span<const double> worlds);

} // namespace souk::eval
