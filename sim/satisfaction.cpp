#include "sim/satisfaction.hpp"

#include "core/portable_math.hpp"

namespace souk::sim {

double session_experience(const satisfaction_options& options,
                          double mean_slate_value) {
  return mean_slate_value / (mean_slate_value + options.half_value);
}

double purchase_experience(double quality, double surprise) {
  return core::portable::sigmoid(0.5 + 0.8 * quality + 2.4 * (surprise - 0.5));
}

double moved_towards(double satisfaction, double experience, double rate) {
  return satisfaction + rate * (experience - satisfaction);
}

double arrival_factor(const satisfaction_options& options, double satisfaction) {
  return core::portable::exp(options.arrival_gain * (satisfaction - options.start));
}

} // namespace souk::sim
