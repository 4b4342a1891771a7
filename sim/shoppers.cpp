#include "sim/shoppers.hpp"

#include "core/random.hpp"
#include "sim/draws.hpp"

#include <algorithm>

namespace souk::sim {

shoppers::shoppers(const world& market, core::user_id first, std::uint32_t count)
  : taste(static_cast<std::size_t>(count) * market.dimensions()),
    recent(static_cast<std::size_t>(count) * market.dimensions()),
    satisfaction(count, static_cast<float>(market.options().satisfaction.start)),
    last_visit(count, 0), sessions(count, 0), steps(count, 0), slates(count, 0),
    brand(count, core::no_code), visit_slot(count, no_visit),
    opened(count, market.items().num_items), bought(count, market.items().num_items) {
  profile.reserve(count);
  newcomer.reserve(count);
  next.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto user = first + i;
    const auto from = market.entry_of(user);
    const auto nature =
      draw_temperament(market.options().temperament, market.seed(), user);
    profile.push_back(market.people().draw(market.seed(), user));
    newcomer.push_back(from.newcomer ? 1 : 0);
    market.likings().draw(market.seed(), user, profile[i],
                          taste_of(i, market.dimensions()));
    const auto rate = static_cast<double>(nature.sessions_per_day);
    next.push_back(from.newcomer ? from.joined
                                 : next_session(market, user, 0, rate, from.joined));
    if (!from.newcomer)
      for (const auto item : market.had_by(profile[i])) {
        opened.insert(i, item);
        bought.insert(i, item);
      }
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
  seen.price_weight = present.nature.price_sensitivity;
  seen.novelty_weight = present.nature.exploration;
  seen.brand_weight = present.nature.loyalty;
  seen.brand = brand[user];
  seen.need = present.need;
  seen.need_weight = static_cast<float>(options.choice.need);
  seen.favourite = present.favourite;
  seen.favourite_weight = seen.need_weight + present.nature.loyalty;
  seen.wanted = market.wanted_by(profile[user]);
  seen.wanted_weight = market.wanted_weight();
  seen.day = static_cast<std::uint32_t>(now / core::day_ms);
  return seen;
}

std::size_t shoppers::memory_bytes() const {
  return (taste.capacity() + recent.capacity() + satisfaction.capacity())
           * sizeof(float)
         + (profile.capacity() + sessions.capacity() + steps.capacity()
            + slates.capacity() + brand.capacity() + visit_slot.capacity())
             * sizeof(std::uint32_t)
         + (next.capacity() + last_visit.capacity()) * sizeof(core::time_ms)
         + newcomer.capacity() + opened.memory_bytes() + bought.memory_bytes();
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
  const auto wait = exponential(site, 0) / sessions_per_day;
  // Far beyond any run, yet inside the integers.
  const auto days = std::min(market.year().elapsed(ready) + wait, 1e6);
  return std::max(ready, market.year().when(days));
}

} // namespace souk::sim
