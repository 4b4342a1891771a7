#include "sim/funnel.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

namespace souk::sim {

double cart_chance(const funnel_options& options, double utility) {
  return core::portable::sigmoid(options.cart_bias + options.cart_gain * utility);
}

double purchase_chance(const funnel_options& options, double utility) {
  return core::portable::sigmoid(options.purchase_bias
                                 + options.purchase_gain * utility);
}

double return_chance(const funnel_options& options, double quality) {
  return core::portable::sigmoid(options.return_bias - options.return_gain * quality);
}

core::time_ms delay(const funnel_options& options, double mean_ms, double draw) {
  const auto exponent = options.delay_exponent;
  const auto scale = mean_ms * (exponent - 1);
  const auto value = scale * (core::portable::pow(1 - draw, -1 / exponent) - 1);
  // Ten years: beyond any run, and well inside the integers.
  return static_cast<core::time_ms>(std::min(value, 3.2e11));
}

int stars(double experience) {
  return 1 + std::min(4, static_cast<int>(experience * 5));
}

} // namespace souk::sim
