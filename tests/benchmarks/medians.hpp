#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace souk::benchmarks {

/// Returns the value that a share of the others does not exceed; 0.5 is the median.
/// There must be values.
inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto place = share * static_cast<double>(values.size());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(place))];
}

} // namespace souk::benchmarks
