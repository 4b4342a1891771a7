#include "sim/warm_up.hpp"

#include "core/error.hpp"
#include "sim/population.hpp"

#include <algorithm>
#include <tuple>

namespace souk::sim {

namespace {

std::unique_ptr<policy> warm_up_policy(const std::shared_ptr<const world>& market,
                                       const std::string& name) {
  if (name == "random")
    return make_random_policy();
  if (name == "popularity")
    return make_popularity_policy(market);
  throw core::error::request("\"" + name
                               + "\" needs a model, and a warm-up has none yet",
                             "simulation.warm_up", "use random or popularity");
}

bool is_behaviour(core::event_kind kind) {
  return kind == core::event_kind::view || kind == core::event_kind::click
         || kind == core::event_kind::cart || kind == core::event_kind::purchase
         || kind == core::event_kind::product_return;
}

} // namespace

market_run run_market(std::shared_ptr<const world> market,
                      const policy& shop,
                      std::uint32_t users_per_cohort) {
  core::expects(users_per_cohort > 0, "a cohort has users");
  market_run run;
  const auto users = market->options().population.users;
  for (core::user_id first = 0; first < users;) {
    const auto people = make_population(market, first, users_per_cohort);
    // Cohorts know nothing of one another, and the length of ticks changes nothing: one
    // long day after another is the cheapest way through.
    while (people->next_wake() < market->end()) {
      const auto day = people->next_wake() / core::day_ms;
      people->live(day * core::day_ms, (day + 1) * core::day_ms, shop);
      const auto records = people->take_records();
      run.records.insert(run.records.end(), records.begin(), records.end());
    }
    run.totals.merge(people->totals());
    first = users - first <= users_per_cohort ? users : first + users_per_cohort;
  }
  std::sort(run.records.begin(), run.records.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time, a.user, a.step) < std::tie(b.time, b.user, b.step);
  });
  return run;
}

warm_up simulate_warm_up(std::shared_ptr<const world> market, const std::string& shop) {
  const auto decided_by = warm_up_policy(market, shop);
  const auto cohort_users = market->options().population.cohort;
  return {run_market(market, *decided_by, cohort_users).records, market->user_table(),
          market->item_table()};
}

core::dataset dataset_of(const world& market,
                         const std::vector<core::session_record>& records) {
  core::dataset data;
  data.name = "simulated";
  for (core::user_id user = 0; user < market.options().population.users; ++user)
    data.user_names.push_back("user " + std::to_string(user + 1));
  data.item_names = market.items().names;
  data.user_attributes = market.user_table();
  data.item_attributes = market.item_table();
  data.has_times = true;
  std::vector<const core::session_record*> behaviour;
  for (const auto& record : records)
    if (is_behaviour(record.kind))
      behaviour.push_back(&record);
  std::sort(behaviour.begin(), behaviour.end(), [](const auto* a, const auto* b) {
    return std::tie(a->user, a->time, a->step) < std::tie(b->user, b->time, b->step);
  });
  for (const auto* record : behaviour)
    data.events.push_back(
      {record->user, record->item, record->time, 1.0F, record->price, record->kind});
  return data;
}

} // namespace souk::sim
