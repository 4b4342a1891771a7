#include "actors/coordinator.hpp"

#include "actors/failure.hpp"
#include "core/error.hpp"

#include <algorithm>

// coordinator                         servers                  trainers
//    | install_state (every range)         |                        |
//    |------------------------------------>|                        |
//    | run_steps [first, last)             |                        |
//    |------------------------------------------------------------->| leases, steps
//    |<-- step_losses, steps_finished ------------------------------|
//    | get_state (when validation or a checkpoint is due)           |
//    |------------------------------------>|                        |
//    |<-- tickets -------------------------|                        |
//    |  fetch, validate, save, next lease

namespace souk::actors {

using namespace messages;

install_state coordinator_state::offer_state(std::size_t range) {
  const auto& extent = options.ranges[range];
  const auto offer = [&](core::tensor_kind kind, const core::parameter_arena& arena) {
    core::tensor_ticket ticket;
    ticket.run = options.run;
    ticket.range = static_cast<std::uint32_t>(range);
    ticket.version = progress.step;
    ticket.kind = kind;
    // A slot of its own: block numbers of parameters are 0 at the servers.
    ticket.block = ~std::uint32_t{0};
    return exchange->offer(
      ticket, {{extent.begin, extent.size(), arena.data() + extent.begin}}, tensors);
  };
  return {progress.step, offer(core::tensor_kind::parameters, tensors->parameters),
          offer(core::tensor_kind::first_moments, tensors->first_moments),
          offer(core::tensor_kind::second_moments, tensors->second_moments)};
}

void coordinator_state::note(const step_losses& lost) {
  auto& pending = losses[lost.step];
  const auto count = lost.negative_log_likelihoods.values.size();
  if (lost.step < progress.step || lost.first_block + count > options.plan.blocks
      || lost.divergences.values.size() != count)
    return;
  pending.negative_log_likelihoods.resize(options.plan.blocks);
  pending.divergences.resize(options.plan.blocks);
  std::copy_n(lost.negative_log_likelihoods.values.begin(), count,
              pending.negative_log_likelihoods.begin() + lost.first_block);
  std::copy_n(lost.divergences.values.begin(), count,
              pending.divergences.begin() + lost.first_block);
  pending.blocks_known += count;
}

void coordinator_state::close_lease(std::uint64_t last) {
  const auto per_epoch = options.plan.per_epoch();
  for (; progress.step < last; ++progress.step) {
    const auto& pending = losses[progress.step];
    core::expects(pending.blocks_known == options.plan.blocks,
                  "every block of a finished step has told its loss");
    const auto likelihood = core::tree_sum(pending.negative_log_likelihoods);
    const auto divergence = core::tree_sum(pending.divergences);
    const auto users = options.plan.users_of(progress.step % per_epoch);
    observer->record(progress.step + 1, progress.step / per_epoch + 1, "loss",
                     likelihood / users);
    progress.negative_log_likelihood += likelihood;
    progress.divergence += divergence;
  }
  losses.clear();
}

void coordinator_state::take(const core::tensor_ticket& ticket,
                             const bulk::payload& numbers) {
  auto& arena = ticket.kind == core::tensor_kind::parameters ? tensors->parameters
                : ticket.kind == core::tensor_kind::first_moments
                  ? tensors->first_moments
                  : tensors->second_moments;
  for (const auto& run : numbers.runs) {
    core::expects(run.offset + run.length <= arena.size(), "a range lies in the arena");
    std::copy_n(run.values, run.length, arena.begin() + static_cast<long>(run.offset));
  }
}

void coordinator_state::after_lease() {
  const auto epoch = progress.step / options.plan.per_epoch();
  if (schedule->ends_epoch(progress.step)) {
    const auto users = options.plan.users;
    observer->record(progress.step, epoch, "epoch_loss",
                     progress.negative_log_likelihood / users);
    observer->record(progress.step, epoch, "epoch_divergence",
                     progress.divergence / users);
    progress.negative_log_likelihood = progress.divergence = 0;
  }
  if (schedule->validates_at(progress.step))
    if (const auto metric = observer->validate(tensors->parameters)) {
      observer->record(progress.step, epoch, options.training.validate.metric.c_str(),
                       *metric);
      if (schedule->note_validation(progress, *metric))
        tensors->best_parameters = tensors->parameters;
    }
  if (schedule->checkpoints_at(progress.step) || interrupted)
    observer->save(progress, *tensors);
}

namespace {

using self_pointer = coordinator_actor::stateful_pointer<coordinator_state>;

void grant_lease(self_pointer self);
void go_on(self_pointer self);

void fail(self_pointer self, const caf::error& reason) {
  if (self->state.promise.pending())
    self->state.promise.deliver(refusal(core::errc::failed, describe(reason)));
}

void finish(self_pointer self, training_end end) {
  auto& state = self->state;
  const auto& tensors = *state.tensors;
  if (end == training_end::completed)
    state.observer->finished(state.progress, tensors.best_parameters.empty()
                                               ? tensors.parameters
                                               : tensors.best_parameters);
  state.promise.deliver(training_finished{end, state.progress.step});
}

/// Fetches one tensor of a server's state; goes on when all are there.
void gather(self_pointer self, const core::tensor_ticket& ticket) {
  auto& state = self->state;
  if (const auto here = state.exchange->find(ticket)) {
    state.take(ticket, *here);
    if (ticket.kind != core::tensor_kind::parameters)
      state.exchange->release(ticket); // only checkpoints need moments
    if (--state.missing == 0) {
      state.after_lease();
      go_on(self);
    }
    return;
  }
  self->request(state.bulk, work_timeout, fetch_tensor{ticket})
    .then([self](const tensor_arrived& arrived) { gather(self, arrived.ticket); },
          [self](const caf::error& reason) { fail(self, reason); });
}

/// Brings the tensors of all servers up to date, then validates and checkpoints.
void gather_state(self_pointer self) {
  auto& state = self->state;
  state.missing = 3 * state.servers.size();
  for (const auto& server : state.servers)
    self->request(server, work_timeout, get_state{state.progress.step})
      .then(
        [self](const server_state& tickets) {
          gather(self, tickets.parameters);
          gather(self, tickets.first_moments);
          gather(self, tickets.second_moments);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

void lease_finished(self_pointer self, std::uint64_t last) {
  auto& state = self->state;
  if (--state.missing > 0)
    return;
  state.close_lease(last);
  const auto step = state.progress.step;
  if (state.schedule->validates_at(step) || state.schedule->checkpoints_at(step)
      || state.interrupted || step == state.schedule->total_steps())
    return gather_state(self);
  if (state.schedule->ends_epoch(step))
    state.after_lease();
  go_on(self);
}

void go_on(self_pointer self) {
  auto& state = self->state;
  if (state.schedule->is_over(state.progress))
    return finish(self, training_end::completed);
  if (state.interrupted)
    return finish(self, training_end::interrupted);
  grant_lease(self);
}

void grant_lease(self_pointer self) {
  auto& state = self->state;
  const run_steps lease{state.progress.step,
                        state.schedule->lease_end(state.progress.step)};
  state.missing = state.trainers.size();
  for (const auto& trainer : state.trainers)
    self->request(trainer, work_timeout, lease)
      .then([self](const steps_finished& done) { lease_finished(self, done.last); },
            [self](const caf::error& reason) { fail(self, reason); });
}

void install_everywhere(self_pointer self) {
  auto& state = self->state;
  state.missing = state.servers.size();
  for (std::size_t range = 0; range < state.servers.size(); ++range)
    self->request(state.servers[range], work_timeout, state.offer_state(range))
      .then(
        [self](const parameters_ready&) {
          if (--self->state.missing == 0)
            go_on(self);
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
  state.tensors = std::move(tensors);
  return {
    [self](start_training& start) -> caf::result<training_finished> {
      auto& present = self->state;
      present.promise = self->make_response_promise<training_finished>();
      present.trainers = std::move(start.trainers);
      present.servers = std::move(start.servers);
      install_everywhere(self);
      return present.promise;
    },
    [self](const step_losses& lost) { self->state.note(lost); },
    [self](const interrupt_training&) { self->state.interrupted = true; },
    [self](const role_died& died) {
      fail(self, refusal(core::errc::failed, died.role + " is gone: " + died.reason));
    },
  };
}

} // namespace souk::actors
