#include "sim/shoppers.hpp"

#include "core/portable_math.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace souk::sim {

void visit::reset() {
  auto kept_shown = std::move(shown);
  auto kept_opened = std::move(opened);
  *this = {};
  shown = std::move(kept_shown);
  opened = std::move(kept_opened);
  shown.clear();
  opened.clear();
}

shoppers::shoppers(const world& market, core::user_id first, std::uint32_t count)
  : taste(static_cast<std::size_t>(count) * market.dimensions()),
    recent(static_cast<std::size_t>(count) * market.dimensions()),
    satisfaction(count, static_cast<float>(market.options().satisfaction.start)),
    last_visit(count, 0), sessions(count, 0), steps(count, 0), slates(count, 0),
    brand(count, core::no_code), visit_slot(count, no_visit), opened(count),
    bought(count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto user = first + i;
    const auto from = market.entry_of(user);
    nature.push_back(
      draw_temperament(market.options().temperament, market.seed(), user));
    profile.push_back(market.people().draw(market.seed(), user));
    newcomer.push_back(from.newcomer ? 1 : 0);
    market.likings().draw(market.seed(), user, profile[i],
                          taste_of(i, market.dimensions()));
    const auto rate = static_cast<double>(nature[i].sessions_per_day);
    next.push_back(from.newcomer ? from.joined
                                 : next_session(market, user, 0, rate, from.joined));
  }
}

shopper_view shoppers::view(const world& market,
                            std::size_t user,
                            const visit& present,
                            core::time_ms now) const {
  const auto& options = market.options();
  const auto dimensions = market.dimensions();
  const auto liking = static_cast<float>(options.choice.taste);
  const auto boredom = static_cast<float>(options.boredom.weight);
  shopper_view seen;
  for (std::uint32_t k = 0; k < dimensions; ++k)
    seen.direction[k] =
      liking * taste[user * dimensions + k] - boredom * recent[user * dimensions + k];
  seen.price_weight = nature[user].price_sensitivity;
  seen.novelty_weight = nature[user].exploration;
  seen.brand_weight = nature[user].loyalty;
  seen.brand = brand[user];
  seen.need = present.need;
  seen.need_weight = static_cast<float>(options.choice.need);
  seen.favourite = present.favourite;
  seen.favourite_weight = seen.need_weight + nature[user].loyalty;
  seen.day = static_cast<std::uint32_t>(now / core::day_ms);
  return seen;
}

void insert(std::vector<core::item_id>& ascending, core::item_id item) {
  const auto place = std::lower_bound(ascending.begin(), ascending.end(), item);
  if (place == ascending.end() || *place != item)
    ascending.insert(place, item);
}

core::time_ms next_session(const world& market,
                           core::user_id user,
                           std::uint32_t session,
                           double sessions_per_day,
                           core::time_ms ready) {
  const core::draw_site site{market.seed(), core::stream::arrive, user, session + 1};
  const auto wait = -core::portable::log(1 - core::uniform(site, 0)) / sessions_per_day;
  // Far beyond any run, yet inside the integers.
  const auto days = std::min(market.week().elapsed(ready) + wait, 1e6);
  return std::max(ready, market.week().when(days));
}

} // namespace souk::sim
