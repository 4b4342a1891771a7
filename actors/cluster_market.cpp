#include "actors/cluster_state.hpp"
#include "actors/market.hpp"
#include "core/at_end.hpp"
#include "sim/world.hpp"

namespace souk::actors {

using namespace messages;

/// What all cohorts know of their users, whose numbers ascend with the cohorts'.
core::user_rows
cluster::state::histories_of(const std::vector<user_cohort_actor>& cohorts,
                             std::uint32_t world) {
  core::user_rows all;
  all.rows.num_items = context->world(world)->items().num_items;
  for (std::size_t i = 0; i < cohorts.size(); ++i) {
    const auto part = await<cohort_histories>(
      cohorts[i], get_histories{}, "user_cohort " + std::to_string(i), [] {});
    const auto* items = part.items.values.data();
    for (const auto length : part.lengths.values) {
      all.rows.append_row({items, length});
      items += length;
    }
    all.users.insert(all.users.end(), part.users.values.begin(),
                     part.users.values.end());
  }
  return all;
}

/// Every process loads the model first, where there is time to fetch it.
void cluster::state::change_policy(const market_options& market_plan,
                                   std::uint32_t version,
                                   const std::vector<user_cohort_actor>& cohorts) {
  tell_all_nodes(load_policy{market_plan.policy, market_plan.world, version});
  for (std::size_t i = 0; i < cohorts.size(); ++i)
    await<policy_in_use>(cohorts[i], use_policy{version},
                         "user_cohort " + std::to_string(i), [] {});
}

void cluster::state::watch_market(const std::vector<user_cohort_actor>& cohorts,
                                  const mourner_actor& place) {
  for (std::size_t i = 0; i < cohorts.size(); ++i)
    watch("user_cohort " + std::to_string(i), cohorts[i]);
  caf::anon_send(watcher, report_deaths_to{place});
}

std::optional<sim::market_totals>
cluster::state::simulate_once(const market_options& market_plan,
                              market_observer& observer,
                              const std::atomic<bool>& interrupt) {
  std::vector<user_cohort_actor> cohorts;
  market_actor place;
  const core::at_end close{[&] {
    stop_watching();
    for (const auto& cohort : cohorts)
      caf::anon_send_exit(cohort, caf::exit_reason::user_shutdown);
    // The market writes to the observer, so it must have ended before this returns.
    if (place) {
      caf::anon_send_exit(place, caf::exit_reason::user_shutdown);
      caf::scoped_actor {
        *system
        } -> wait_for(place);
    }
    note_losses();
  }};
  const auto generation = processes->generation();
  for (std::uint32_t i = 0; i < market_plan.num_cohorts; ++i)
    cohorts.push_back(start_role<user_cohort_actor>(
      "user_cohort", i, start_user_cohort{i, market_plan.world, market_plan.policy}));
  const auto totals = std::make_shared<sim::market_totals>();
  place = system->spawn<caf::detached>(market, market_plan, cohorts, &observer, totals);
  caf::anon_send(watcher, report_deaths_to{place});
  auto asked = false;
  for (std::uint32_t version = 1;; ++version) {
    const auto stop =
      await<market_rests>(place, run_market{}, "market of " + market_plan.policy, [&] {
        if (interrupt && !std::exchange(asked, true))
          caf::anon_send(place, role_died{"the run", "it was interrupted"});
      });
    if (stop.time == market_plan.end)
      return *totals;
    observer.learn(version, histories_of(cohorts, market_plan.world));
    if (processes->generation() != generation)
      return std::nullopt;
    change_policy(market_plan, version, cohorts);
    watch_market(cohorts, place);
  }
}

} // namespace souk::actors
