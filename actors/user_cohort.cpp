#include "actors/user_cohort.hpp"

#include "actors/failure.hpp"

namespace souk::actors {

using namespace messages;

tick_finished user_cohort_state::advance(const advance_cohort& tick) {
  cohort->begin_tick(tick.start, tick.end);
  while (!cohort->demand().empty())
    cohort->answer(policy->decide(cohort->demand()));
  tick_finished finished;
  finished.records.values = cohort->take_records();
  finished.next_wake = cohort->next_wake();
  return finished;
}

user_cohort_actor::behavior_type
user_cohort(user_cohort_actor::stateful_pointer<user_cohort_state> self,
            user_cohort_options options,
            std::shared_ptr<const sim::world> world,
            std::shared_ptr<const sim::policy> policy) {
  share_exception_handler(self);
  self->state.cohort = std::make_unique<sim::cohort>(
    std::move(world), options.cohort * options.users, options.users);
  self->state.policy = std::move(policy);
  return {
    [self](const advance_cohort& tick) { return self->state.advance(tick); },
    [self](const get_totals&) {
      return cohort_totals{{self->state.cohort->totals().packed()}};
    },
  };
}

} // namespace souk::actors
