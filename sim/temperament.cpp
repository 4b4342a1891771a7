#include "sim/temperament.hpp"

#include "core/portable_math.hpp"
#include "core/random.hpp"

namespace souk::sim {

namespace {

/// Returns a log-normal value whose mean over z is `mean`.
float log_normal(double mean, double spread, double z) {
  return static_cast<float>(mean
                            * core::portable::exp(spread * z - spread * spread / 2));
}

} // namespace

temperament draw_temperament(const temperament_options& options,
                             std::uint64_t seed,
                             core::user_id user) {
  const core::draw_site site{seed, core::stream::temperament, user, 0};
  const auto z = [&](std::uint32_t index) {
    return core::normal(site, index);
  };
  return {
    log_normal(options.sessions_per_day, options.activity_spread, z(0)),
    log_normal(options.patience, options.patience_spread, z(1)),
    log_normal(options.price_sensitivity, options.price_sensitivity_spread, z(2)),
    log_normal(options.exploration, options.exploration_spread, z(3)),
    log_normal(options.loyalty, options.loyalty_spread, z(4)),
  };
}

} // namespace souk::sim
