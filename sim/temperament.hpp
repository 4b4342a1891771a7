#pragma once

#include "core/ids.hpp"
#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// How a user differs from others besides taste; each is log-normal over users, so that
/// a few are very active (heavy-tailed activity).
struct temperament {
  float sessions_per_day = 0; ///< in an average week, at the satisfaction of the start
  float patience = 0;         ///< slates without a click until a session is left
  float price_sensitivity = 0;
  float exploration = 0;
  float loyalty = 0;
};

/// Draws a user's temperament.
temperament draw_temperament(const temperament_options& options,
                             std::uint64_t seed,
                             core::user_id user);

} // namespace souk::sim
