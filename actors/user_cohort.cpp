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

cohort_histories user_cohort_state::histories() const {
  auto known = users->histories();
  cohort_histories answer;
  answer.users.values = std::move(known.users);
  for (std::size_t row = 0; row < known.rows.num_rows(); ++row)
    answer.lengths.values.push_back(
      static_cast<std::uint32_t>(known.rows.row(row).size()));
  answer.items.values = std::move(known.rows.items);
  return answer;
}

user_cohort_actor::behavior_type
user_cohort(user_cohort_actor::stateful_pointer<user_cohort_state> self,
            user_cohort_options options,
            std::shared_ptr<const sim::world> world,
            std::shared_ptr<const sim::policy> policy,
            policy_finder find_policy) {
  share_exception_handler(self);
  self->state.users = sim::make_population(
    std::move(world), options.cohort * options.users, options.users, options.arm);
  self->state.policy = std::move(policy);
  return {
    [self](const advance_cohort& tick) { return self->state.advance(tick); },
    [self](const get_totals&) {
      return cohort_totals{{self->state.users->totals().packed()}};
    },
    [self](const get_histories&) { return self->state.histories(); },
    [self, find_policy = std::move(find_policy)](const use_policy& wanted) {
      self->state.policy = find_policy(wanted.version);
      return policy_in_use{};
    },
  };
}

} // namespace souk::actors
