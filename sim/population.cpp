#include "sim/population.hpp"

#include "core/error.hpp"
#include "sim/cohort.hpp"
#include "sim/interest_evolution/users.hpp"
#include "sim/reco_gym/users.hpp"

#include <algorithm>

namespace souk::sim {

std::unique_ptr<population> make_population(std::shared_ptr<const world> market,
                                            core::user_id first,
                                            std::uint32_t count,
                                            std::optional<std::size_t> arm) {
  const auto all = market->options().population.users;
  count = first >= all ? 0 : std::min(count, all - first);
  core::expects(!arm || !is_published_model(market->options()),
                "users of a published model are not shared out");
  if (market->reco_gym())
    return std::make_unique<reco_gym::users>(std::move(market), first, count);
  if (market->interest_evolution())
    return std::make_unique<interest_evolution::users>(std::move(market), first, count);
  return std::make_unique<cohort>(std::move(market), first, count, arm);
}

} // namespace souk::sim
