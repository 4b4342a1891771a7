#include "sim/churn.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

namespace souk::sim {

double churn_chance(const churn_options& options, double start, double satisfaction) {
  const auto factor = core::portable::exp(-options.gain * (satisfaction - start));
  return std::min(1.0, options.chance * factor);
}

} // namespace souk::sim
