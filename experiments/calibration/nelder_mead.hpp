#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace souk::experiments {

struct nelder_mead_options {
  std::uint64_t seed = 1;
  std::uint32_t evaluations = 60; ///< of the function, at most; at least one is made
  double step = 0.3;              ///< from the start to the simplex's other corners
};

struct minimum {
  std::vector<double> at;
  double value = 0;
};

/// Looks for a minimum without derivatives (Nelder & Mead, 1965), from `start` on. The
/// seed decides on which side of the start each corner of the first simplex lies. The
/// same arguments make the same evaluations; the result is the best point of all.
minimum nelder_mead(const std::function<double(const std::vector<double>&)>& function,
                    const std::vector<double>& start,
                    const nelder_mead_options& options);

} // namespace souk::experiments
