#include "actors/user_cohort.hpp"

#include "actors/failure.hpp"

namespace souk::actors {

using namespace messages;

tick_finished user_cohort_state::advance(const advance_cohort& tick) {
  users->live(tick.start, tick.end, *policy);
  tick_finished finished;
  finished.records.values = users->take_records();
  finished.next_wake = users->next_wake();
  return finished;
}

user_cohort_actor::behavior_type
user_cohort(user_cohort_actor::stateful_pointer<user_cohort_state> self,
            user_cohort_options options,
            std::shared_ptr<const sim::world> world,
            std::shared_ptr<const sim::policy> policy) {
  share_exception_handler(self);
  self->state.users = sim::make_population(
    std::move(world), options.cohort * options.users, options.users);
  self->state.policy = std::move(policy);
  return {
    [self](const advance_cohort& tick) { return self->state.advance(tick); },
    [self](const get_totals&) {
      return cohort_totals{{self->state.users->totals().packed()}};
    },
  };
}

} // namespace souk::actors
