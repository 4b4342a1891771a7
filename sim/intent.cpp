#include "sim/intent.hpp"

#include <algorithm>

namespace souk::sim {

double buy_again_chance(const intent_options& options,
                        double loyalty_against_mean,
                        bool has_bought) {
  return has_bought ? std::min(0.9, options.buy_again * loyalty_against_mean) : 0.0;
}

intent draw_intent(const intent_options& options,
                   double loyalty_against_mean,
                   bool has_bought,
                   double draw) {
  const auto again = buy_again_chance(options, loyalty_against_mean, has_bought);
  if (draw < again)
    return intent::buy_again;
  return draw < again + (1 - again) * options.search_share ? intent::search
                                                           : intent::browse;
}

} // namespace souk::sim
