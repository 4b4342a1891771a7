#pragma once

#include "eval/intervals.hpp"

#include <optional>
#include <vector>

namespace souk::eval {

/// One system minus another over the same users or worlds.
struct comparison {
  interval difference;
  /// Two-sided, of no difference; nothing where it takes more values to tell.
  std::optional<double> p_value;
};

/// Returns a - b, value by value.
std::vector<double> differences_of(core::span<const double> a,
                                   core::span<const double> b);

/// Compares over users: the interval of the mean difference by paired bootstrap, the p
/// value by flipping signs at random (the paired permutation test of Smucker, Allan &
/// Carterette, CIKM 2007), counting the observed signs as one of the permutations.
/// Columns of differences are parallel by user.
std::vector<comparison>
compare_users(const std::vector<core::span<const double>>& columns,
              const resampling_options& options);

/// Compares over replicate worlds: Student's paired t test, as worlds are few.
comparison compare_worlds(core::span<const double> differences);

/// Returns p values corrected for being looked at together (Holm, 1979): the chance of
/// any false alarm among all that stay below 0.05 is at most 0.05. Missing ones stay
/// missing and do not count.
std::vector<std::optional<double>>
holm_corrected(const std::vector<std::optional<double>>& p_values);

/// Returns the share of the variance of a difference that pairing took away: 1 - var(a
/// - b) / (var(a) + var(b)). 1 = all, 0 = none, below 0 = pairing made it worse;
/// nothing for fewer than two values or without any variance.
std::optional<double> variance_gain(core::span<const double> a,
                                    core::span<const double> b);

/// Whether a candidate is at most `margin` worse than a reference.
struct non_inferiority {
  interval difference;    ///< candidate - reference, 95%
  double lower_bound = 0; ///< one-sided 95%
  double margin = 0;
  bool holds = false; ///< lower_bound > -margin
};

/// Tests paired non-inferiority over the same users by bootstrap; `margin` is positive.
/// Never holds without users.
non_inferiority test_non_inferiority(core::span<const double> candidate,
                                     core::span<const double> reference,
                                     double margin,
                                     const resampling_options& options);

} // namespace souk::eval
