#include "sim/best_slate.hpp"

#include <algorithm>

namespace souk::sim {

void best_slate_finder::consider(core::item_id item, float utility) {
  const auto beats = [&](const std::pair<float, core::item_id>& other) {
    return utility > other.first || (utility == other.first && item < other.second);
  };
  if ((best_.size() == places_ && !beats(best_.back())) || !filter_.allows(item))
    return;
  auto place = best_.end();
  while (place != best_.begin() && beats(*(place - 1)))
    --place;
  best_.insert(place, {utility, item});
  if (best_.size() > places_)
    best_.pop_back();
}

std::size_t best_slate_finder::find(const slate_demand& demand,
                                    std::size_t row,
                                    core::span<core::item_id> slate) {
  const auto& market = *demand.market;
  const auto& shopper = demand.truth[row];
  places_ = slate.size();
  best_.clear();
  filter_.turn_to(demand, row);
  if (demand.queries[row] != core::session_record::no_query) {
    for (const auto item : candidates(demand, row))
      consider(item, market.utilities().of(shopper, item));
  } else {
    const auto count = market.items().num_items;
    utilities_.resize(count);
    market.utilities().of_all(shopper, utilities_);
    for (core::item_id item = 0; item < count; ++item)
      // Most items fall here; of equal ones the lower number has come before.
      if (best_.size() < places_ || utilities_[item] > best_.back().first)
        consider(item, utilities_[item]);
  }
  std::fill(slate.begin(), slate.end(), core::no_item);
  for (std::size_t i = 0; i < best_.size(); ++i)
    slate[i] = best_[i].second;
  return best_.size();
}

} // namespace souk::sim
