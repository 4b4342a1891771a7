#include "sim/patience.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

namespace souk::sim {

double
session_patience(const patience_options& options, double user_patience, double mood) {
  const auto spread = options.session_spread;
  return user_patience * core::portable::exp(spread * mood - spread * spread / 2);
}

double leaving_chance(const patience_options& options,
                      double patience,
                      bool clicked,
                      bool buys) {
  const auto impatience = 1 / (1 + patience) * (clicked ? options.click_relief : 1.0);
  return buys ? std::max(options.need_met, impatience) : impatience;
}

} // namespace souk::sim
