#include "actors/coordinator.hpp"

#include "actors/coordinator_orders.hpp"
#include "actors/coordinator_residuals.hpp"
#include "actors/coordinator_work.hpp"
#include "actors/failure.hpp"
#include "actors/with_payload.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>

// coordinator                         servers                  trainers
//    | install_state (every range)         |                        |
//    |------------------------------------>|                        |
//    | follow_order (if another execution is repeated)              |
//    |------------------------------------>|                        |
//    | install_residuals (if trainers keep any)                     |
//    |------------------------------------------------------------->|
//    | run_steps [first, last)             |                        |
//    |------------------------------------------------------------->| leases, steps
//    |<-- step_losses, steps_finished ------------------------------|
//    | get_work (now and then; also to data shards)                 |
//    |------------------------------------>|                        |
//    | get_order (where all have come to rest, if it matters)       |
//    |------------------------------------>|                        |
//    | get_state (when validation or a checkpoint is due)           |
//    |------------------------------------>|                        |
//    |<-- tickets -------------------------|                        |
//    | get_residuals (for a checkpoint, if any are kept)            |
//    |------------------------------------------------------------->|
//    |<-- tickets --------------------------------------------------|
//    |  fetch, validate, save, next lease

namespace souk::actors {

using namespace messages;

namespace {

using self_pointer = coordinator_actor::stateful_pointer<coordinator_state>;

/// Throws unless training can start from this state.
void check_start(const coordinator_state& state) {
  const auto step = std::to_string(state.progress.step);
  const auto* remedy = "remove the run's checkpoints and start anew";
  const auto size = core::end_of(state.options.parts);
  if (state.progress.step > state.schedule->total_steps())
    throw core::error{"the state is of step " + step + ", and there are only "
                        + std::to_string(state.schedule->total_steps()),
                      "training", remedy};
  const auto& start = *state.start;
  const auto check = [&](const core::parameter_arena& arena, bool may_be_empty) {
    if (arena.size() != size && !(arena.empty() && may_be_empty))
      throw core::error{"the state at step " + step + " has "
                          + std::to_string(arena.size())
                          + " numbers where the model has " + std::to_string(size),
                        "training", remedy};
    if (!std::all_of(arena.begin(), arena.end(),
                     [](float value) { return std::isfinite(value); }))
      throw core::error{
        "the state at step " + step + " holds numbers that are not finite", "training",
        std::string{remedy}
          + ", perhaps with a lower training.optimiser.learning_rate"};
  };
  check(start.parameters, false);
  check(start.first_moments, true);
  check(start.second_moments, true);
  check(start.best_parameters, true);
  for (const auto& residual : start.residuals)
    check(residual, true);
}

void grant_leases(self_pointer self);
void go_on(self_pointer self);

void fail(self_pointer self, const caf::error& reason) {
  if (self->state.promise.pending())
    self->state.promise.deliver(refusal(core::errc::failed, describe(reason)));
}

void finish(self_pointer self, training_end end) {
  auto& state = self->state;
  if (end == training_end::completed) {
    // Nothing was gathered where the checkpoint was that of the end.
    const auto last = state.start ? core::span<const float>{state.start->parameters}
                                  : state.gathered[0].values;
    state.observer->finished(state.progress, state.best.empty() ? last : state.best);
  }
  state.promise.deliver(training_finished{end, state.progress.step});
}

/// Everything that the present step needs is here: looks at it as whole arenas.
void all_gathered(self_pointer self) {
  auto& state = self->state;
  for (auto& tensor : state.gathered)
    if (!tensor.ranges.empty())
      tensor.values =
        tensor.arena.view(tensor.ranges, core::end_of(state.options.parts));
  state.after_lease();
  // Parameters may be wanted at the end, moments only by a checkpoint.
  for (auto* moments : {&state.gathered[1], &state.gathered[2]})
    *moments = {};
  state.residuals.clear();
  go_on(self);
}

/// Fetches one tensor of a server's state; goes on when all are there.
void gather(self_pointer self, const core::tensor_ticket& ticket) {
  const auto use = [self, ticket](payload_pointer here) {
    auto& state = self->state;
    if (!bulk::fills(here->runs, state.options.parts.at(ticket.range)))
      return fail(self, refusal(core::errc::shape_mismatch, "state of another range"));
    state.take(ticket, std::move(here));
    if (ticket.kind != core::tensor_kind::parameters)
      state.exchange->release(ticket); // only checkpoints need moments
    if (--state.missing > 0)
      return;
    if (state.saves() && state.num_residuals() > 0)
      return gather_residuals(self, all_gathered, fail);
    all_gathered(self);
  };
  with_payload(self, self->state.bulk, ticket, use,
               [self](const caf::error& reason) { fail(self, reason); });
}

/// Gathers what is due to be validated or saved, then does it.
void gather_state(self_pointer self) {
  auto& state = self->state;
  state.missing = (state.saves() ? 3 : 1) * state.servers.size();
  for (const auto& server : state.servers)
    self->request(server, work_timeout, get_state{state.progress.step})
      .then(
        [self](const server_state& tickets) {
          for (const auto& ticket : self->state.needed(tickets))
            gather(self, ticket);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

/// Looks at what is due where all trainers rest.
void look_around(self_pointer self) {
  auto& state = self->state;
  const auto step = state.progress.step;
  state.rested = step;
  if (state.schedule->validates_at(step) || state.schedule->checkpoints_at(step)
      || state.interrupted || step == state.schedule->total_steps())
    return gather_state(self);
  if (state.schedule->ends_epoch(step))
    state.after_lease();
  go_on(self);
}

void after_work(self_pointer self) {
  auto& state = self->state;
  if (state.options.training.consistency.has_one_answer())
    look_around(self);
  else
    gather_orders(self, look_around, fail);
}

void all_rest(self_pointer self) {
  self->state.interrupted = self->state.interrupt_asked;
  gather_work(self, after_work, fail);
}

void grant_lease(self_pointer self, std::size_t trainer);

void lease_finished(self_pointer self,
                    std::size_t trainer,
                    const steps_finished& done) {
  auto& state = self->state;
  const auto last = done.last;
  note_work(state, trainer, done.computed, done.work);
  state.reached[trainer] = last;
  // Nobody is sent further than somebody was already, unless another execution is
  // repeated, where work that has begun may wait for what comes after.
  if (state.interrupt_asked && !state.options.orders)
    state.rest = *std::max_element(state.granted.begin(), state.granted.end());
  state.close_steps(*std::min_element(state.reached.begin(), state.reached.end()));
  if (state.progress.step == state.rest)
    all_rest(self);
  else if (last < state.rest)
    grant_lease(self, trainer);
}

void go_on(self_pointer self) {
  auto& state = self->state;
  if (state.schedule->is_over(state.progress))
    return finish(self, training_end::completed);
  if (state.interrupted)
    return finish(self, training_end::interrupted);
  grant_leases(self);
}

void grant_lease(self_pointer self, std::size_t trainer) {
  auto& state = self->state;
  const auto first = state.reached[trainer];
  const run_steps lease{first, std::min(state.schedule->lease_end(first), state.rest)};
  state.granted[trainer] = lease.last;
  self->request(state.trainers[trainer], work_timeout, lease)
    .then([self, trainer](
            const steps_finished& done) { lease_finished(self, trainer, done); },
          [self](const caf::error& reason) { fail(self, reason); });
}

void grant_leases(self_pointer self) {
  auto& state = self->state;
  const auto step = state.progress.step;
  state.rest = state.options.training.consistency.in_lockstep()
                 ? state.schedule->lease_end(step)
                 : state.schedule->rest_after(step);
  state.last_lease_ended = core::seconds_now();
  state.granted.assign(state.trainers.size(), step);
  state.reached = state.granted;
  for (std::size_t trainer = 0; trainer < state.trainers.size(); ++trainer)
    grant_lease(self, trainer);
}

/// Everybody has its part of the state that training starts from.
void begin(self_pointer self) {
  self->state.start.reset();
  self->state.rested = self->state.progress.step;
  go_on(self);
}

void install_in_trainers(self_pointer self) {
  if (self->state.num_residuals() > 0)
    install_residuals_everywhere(self, begin, fail);
  else
    begin(self);
}

void install_everywhere(self_pointer self) {
  auto& state = self->state;
  state.missing = state.servers.size();
  for (std::size_t range = 0; range < state.servers.size(); ++range)
    self->request(state.servers[range], work_timeout, state.offer_state(range))
      .then(
        [self](const parameters_ready&) {
          if (--self->state.missing > 0)
            return;
          if (self->state.options.orders)
            install_orders(self, install_in_trainers, fail);
          else
            install_in_trainers(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

} // namespace

coordinator_actor::behavior_type
coordinator(self_pointer self,
            coordinator_options options,
            std::shared_ptr<training_observer> observer,
            std::shared_ptr<bulk::exchange> exchange,
            bulk_actor bulk,
            training_progress progress,
            std::shared_ptr<training_tensors> tensors) {
  // A failure ends the training with its reason; the promise must hear of it first.
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    auto reason = failure_of(thrown);
    fail(self, reason);
    return reason;
  });
  auto& state = self->state;
  state.options = std::move(options);
  state.schedule =
    std::make_unique<training_schedule>(state.options.training, state.options.plan);
  state.observer = std::move(observer);
  state.exchange = std::move(exchange);
  state.bulk = std::move(bulk);
  state.progress = progress;
  state.start = std::move(tensors);
  return {
    [self](start_training& start) -> caf::result<training_finished> {
      auto& present = self->state;
      present.promise = self->make_response_promise<training_finished>();
      present.trainers = std::move(start.trainers);
      present.servers = std::move(start.servers);
      present.shards = std::move(start.shards);
      name_roles(present, start);
      check_start(present);
      present.best = std::move(present.start->best_parameters);
      if (present.schedule->is_over(present.progress))
        finish(self, training_end::completed);
      else
        install_everywhere(self);
      return present.promise;
    },
    [self](const step_losses& lost) { self->state.note(lost); },
    [self](const interrupt_training&) { self->state.interrupt_asked = true; },
    [self](const role_died& died) {
      fail(self, refusal(core::errc::failed, died.role + " is gone: " + died.reason));
    },
  };
}

} // namespace souk::actors
