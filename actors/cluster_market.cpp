#include "actors/cluster_state.hpp"
#include "actors/market.hpp"
#include "core/at_end.hpp"

namespace souk::actors {

using namespace messages;

sim::market_totals cluster::state::simulate_once(const market_options& market_plan,
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
  for (std::uint32_t i = 0; i < market_plan.num_cohorts; ++i)
    cohorts.push_back(start_role<user_cohort_actor>(
      "user_cohort", i, start_user_cohort{i, market_plan.world, market_plan.policy}));
  const auto totals = std::make_shared<sim::market_totals>();
  place = system->spawn<caf::detached>(market, market_plan, cohorts, &observer, totals);
  caf::anon_send(watcher, report_deaths_to{place});
  auto asked = false;
  await<market_finished>(place, run_market{}, "market of " + market_plan.policy, [&] {
    if (interrupt && !std::exchange(asked, true))
      caf::anon_send(place, role_died{"the run", "it was interrupted"});
  });
  return *totals;
}

} // namespace souk::actors
