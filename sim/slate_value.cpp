#include "sim/slate_value.hpp"

namespace souk::sim {

double expected_value_of(const slate_demand& demand,
                         std::size_t row,
                         core::span<const core::item_id> slate) {
  const auto& market = *demand.market;
  std::vector<float> utilities;
  for (const auto item : slate)
    utilities.push_back(market.utilities().of(demand.truth[row], item));
  std::vector<double> weights(slate.size());
  market.choosing().weigh(utilities, weights);
  return market.choosing().expected_value(market.eyes(), weights);
}

} // namespace souk::sim
