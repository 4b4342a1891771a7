#include "sim/campaigns.hpp"

#include "core/portable_math.hpp"
#include "sim/catalogue_sites.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace souk::sim {

campaigns::campaigns(const std::vector<campaign_options>& options,
                     const catalogue& items,
                     double price_spread,
                     std::uint32_t days,
                     std::uint64_t seed)
  : items_{&items}, price_spread_{price_spread}, active_(days), reduced_(days),
    arrivals_(days, 1.0) {
  for (std::uint32_t number = 0; number < options.size(); ++number) {
    const auto& each = options[number];
    auto& made = all_.emplace_back();
    made.discount = each.discount;
    for (core::item_id item = 0; item < items.num_items; ++item)
      if (core::uniform(site_of(seed, item, catalogue_draw::campaign), number)
          < each.items)
        made.items.push_back(item);
    const auto end =
      std::min<std::uint64_t>(days, std::uint64_t{each.start_day} + each.days);
    for (std::uint64_t day = each.start_day; day < end; ++day) {
      active_[day].push_back(number);
      arrivals_[day] *= each.arrivals;
      std::vector<core::item_id> both;
      std::set_union(reduced_[day].begin(), reduced_[day].end(), made.items.begin(),
                     made.items.end(), std::back_inserter(both));
      reduced_[day] = std::move(both);
    }
  }
}

double campaigns::discount(core::item_id item, std::uint32_t day) const {
  auto largest = 0.0;
  for (const auto number : active_[day]) {
    const auto& each = all_[number];
    if (each.discount > largest
        && std::binary_search(each.items.begin(), each.items.end(), item))
      largest = each.discount;
  }
  return largest;
}

std::int32_t campaigns::reduced(core::item_id item, std::uint32_t day) const {
  const auto usual = static_cast<double>(items_->price_cents[item]);
  const auto now = std::floor(usual * (1 - discount(item, day)) + 0.5);
  return std::max(1, static_cast<std::int32_t>(now));
}

float campaigns::relief(core::item_id item, std::uint32_t day) const {
  if (day >= active_.size() || active_[day].empty() || price_spread_ == 0)
    return 0;
  return static_cast<float>(-core::portable::log(1 - discount(item, day))
                            / price_spread_);
}

} // namespace souk::sim
