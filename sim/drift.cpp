#include "sim/drift.hpp"

#include <cmath>

namespace souk::sim {

void drift_towards(core::span<float> taste, core::span<const float> item, double rate) {
  if (rate == 0)
    return;
  const auto keep = static_cast<float>(1 - rate);
  const auto pull =
    static_cast<float>(rate * std::sqrt(static_cast<double>(taste.size())));
  for (std::size_t k = 0; k < taste.size(); ++k)
    taste[k] = keep * taste[k] + pull * item[k];
}

} // namespace souk::sim
