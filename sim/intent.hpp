#pragma once

#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// What a session is for.
enum class intent : std::uint8_t {
  browse = 0,    ///< to look around
  search = 1,    ///< to find something that is written as a query
  buy_again = 2, ///< to look for what was bought before
};

/// Returns the chance to come back for what was bought before.
double buy_again_chance(const intent_options& options,
                        double loyalty_against_mean,
                        bool has_bought);

/// Draws what a session is for from a uniform: buying again first, then search.
intent draw_intent(const intent_options& options,
                   double loyalty_against_mean,
                   bool has_bought,
                   double draw);

} // namespace souk::sim
