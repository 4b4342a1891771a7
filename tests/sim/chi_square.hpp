#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace souk::sim {

/// How far counts are from a law, in standard deviations of chi-square (its mean is the
/// degrees of freedom, its variance twice them). Neighbours in the list are put
/// together until `expected_min` is expected.
inline double chi_square_z(const std::vector<std::uint64_t>& counts,
                           const std::vector<double>& law,
                           double expected_min = 10) {
  auto total = 0.0;
  for (const auto count : counts)
    total += static_cast<double>(count);
  auto statistic = 0.0;
  auto expected = 0.0;
  auto seen = 0.0;
  std::size_t groups = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    expected += law[i] * total;
    seen += static_cast<double>(counts[i]);
    if (expected < expected_min && i + 1 < counts.size())
      continue;
    if (expected > 0)
      statistic += (seen - expected) * (seen - expected) / expected;
    ++groups;
    expected = seen = 0;
  }
  const auto freedom = static_cast<double>(groups) - 1;
  return (statistic - freedom) / std::sqrt(2 * freedom);
}

} // namespace souk::sim
