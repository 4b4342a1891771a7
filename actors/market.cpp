#include "actors/market.hpp"

#include "actors/failure.hpp"
#include "sim/record_merge.hpp"

#include <algorithm>

// market               user_cohort (each)                 its policy
//    | advance_cohort       |                                 |
//    |--------------------->| demand: all slates of a round   |
//    |                      |-------------------------------->| (a call in the process)
//    |                      |<-- slates, propensities --------|
//    |                      |  ... rounds, until nobody wants a slate
//    |<-- tick_finished ----|
//    |  merge by (time, user, step), log, next tick in which anything happens
//
// Where its policy is due to learn, the market rests, and answers `run_market`: whoever
// runs it has the policy trained and its cohorts take the new one before it goes on.

namespace souk::actors {

using namespace messages;

core::time_ms market_state::next_tick() const {
  const auto earliest = *std::min_element(next_wake.begin(), next_wake.end());
  return std::min(length.begin(earliest, tick_end), options.end);
}

void market_state::go_on() {
  rest = options.retrain_every == 0
           ? options.end
           : std::min(rest + options.retrain_every, options.end);
}

void market_state::close_tick() {
  std::vector<core::span<core::session_record>> parts;
  std::size_t num_records = 0;
  for (auto& part : finished) {
    num_records += part.records.values.size();
    parts.emplace_back(part.records.values);
  }
  length.held(num_records);
  sim::merge_records(std::move(parts), [this](core::span<core::session_record> run) {
    observer->log(run);
  });
  for (auto& part : finished)
    part.records.values = {};
  observer->passed(tick_end);
}

namespace {

using self_pointer = market_actor::stateful_pointer<market_state>;

void next_tick(self_pointer self);

void fail(self_pointer self, const caf::error& reason) {
  if (self->state.promise.pending())
    self->state.promise.deliver(refusal(core::errc::failed, describe(reason)));
}

void gather_totals(self_pointer self) {
  auto& state = self->state;
  state.sums.assign(state.cohorts.size(), {});
  state.missing = state.cohorts.size();
  for (std::size_t i = 0; i < state.cohorts.size(); ++i)
    self->request(state.cohorts[i], work_timeout, get_totals{})
      .then(
        [self, i](cohort_totals& sum) {
          auto& present = self->state;
          present.sums[i] = std::move(sum);
          if (--present.missing > 0)
            return;
          for (const auto& part : present.sums)
            present.totals->merge(sim::market_totals::unpack(part.bytes.values));
          present.promise.deliver(market_rests{present.options.end});
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

void tick_over(self_pointer self) {
  auto& state = self->state;
  if (--state.missing > 0)
    return;
  state.close_tick();
  next_tick(self);
}

void next_tick(self_pointer self) {
  auto& state = self->state;
  const auto start = state.next_tick();
  if (start >= state.options.end && state.rest == state.options.end)
    return gather_totals(self);
  if (start >= state.rest) {
    state.promise.deliver(market_rests{state.rest});
    return;
  }
  const auto end = std::min(state.length.end(start), state.options.end);
  state.tick_end = end;
  state.missing = static_cast<std::size_t>(
    std::count_if(state.next_wake.begin(), state.next_wake.end(),
                  [end](core::time_ms wake) { return wake < end; }));
  for (std::size_t i = 0; i < state.cohorts.size(); ++i) {
    if (state.next_wake[i] >= end)
      continue;
    self->request(state.cohorts[i], work_timeout, advance_cohort{start, end})
      .then(
        [self, i](tick_finished& done) {
          self->state.next_wake[i] = done.next_wake;
          self->state.finished[i] = std::move(done);
          tick_over(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
  }
}

} // namespace

market_actor::behavior_type market(self_pointer self,
                                   market_options options,
                                   std::vector<user_cohort_actor> cohorts,
                                   market_observer* observer,
                                   std::shared_ptr<sim::market_totals> totals) {
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    auto reason = failure_of(thrown);
    fail(self, reason);
    return reason;
  });
  auto& state = self->state;
  state.length = tick_length{options.tick};
  state.options = std::move(options);
  state.next_wake.assign(cohorts.size(), 0);
  state.finished.resize(cohorts.size());
  state.cohorts = std::move(cohorts);
  state.observer = observer;
  state.totals = std::move(totals);
  return {
    [self](const run_market&) -> caf::result<market_rests> {
      self->state.go_on();
      self->state.promise = self->make_response_promise<market_rests>();
      auto promise = self->state.promise;
      next_tick(self);
      return promise;
    },
    [self](const role_died& died) {
      fail(self, refusal(core::errc::failed, died.role + " is gone: " + died.reason));
    },
  };
}

} // namespace souk::actors
