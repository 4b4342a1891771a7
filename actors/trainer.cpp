#include "actors/trainer.hpp"

#include "actors/failure.hpp"
#include "actors/free_one.hpp"
#include "actors/trainer_residuals.hpp"
#include "actors/with_payload.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <utility>

// coordinator        trainer                data shards         parameter servers
//    | run_steps        |                        |                    |
//    |----------------->| get_rows (all shards)  |                    |
//    |                  |----------------------->|                    |
//    |                  | pull_parameters        |                    |
//    |                  |-------------------------------------------->|
//    |                  |<-- rows ---------------|<-- parameters -----|
//    |<-- step_losses --|  compute               |                    |
//    |                  | push_gradient (every range, every block if compressed)
//    |                  |-------------------------------------------->| tree, Adam
//    |                  |<-- parameters_ready (next version) ---------|
//    |                  |  ... the next step, until the lease ends
//    |<- steps_finished-|
//
// Outside lockstep parameters_ready only says that the gradient was taken, and the next
// step's parameters are pulled. Under local SGD all steps of a clock are computed
// before anything is pushed.

namespace souk::actors {

using namespace messages;

void trainer_state::assemble_blocks() {
  const auto rows_per_block = options.plan.rows_per_block();
  const auto owner =
    incoming.take(rows, std::size_t{options.num_blocks} * rows_per_block);
  blocks.resize(options.num_blocks);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& block = blocks[i / rows_per_block];
    if (i % rows_per_block == 0) { // what the last step needed is big enough for this
      block.users.clear();
      block.rows.num_items = options.num_items;
      block.rows.offsets.resize(1);
      block.rows.items.clear();
    }
    block.users.push_back(rows[i].user);
    block.rows.append_row(rows[i].items);
  }
}

step_losses trainer_state::compute() {
  const auto batch = step % options.plan.per_epoch();
  const models::training_step now{options.seed, step, options.plan.users_of(batch)};
  const auto arena = [this] {
    return parameters.view(ranges, learner->layout().size());
  };
  losses.resize(blocks.size());
  const auto is_first = step == time.begin(step) + options.workers.first;
  if (is_first)
    pushes.clear();
  const auto pushed_before = static_cast<std::ptrdiff_t>(pushes.size());
  if (replicas) {
    if (is_first)
      origin = arena();
    descend(now);
  } else if (compressor) {
    const auto parameters_now = arena();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      learner->accumulate(now, {&blocks[i], 1}, parameters_now, *gradient,
                          {&losses[i], 1});
      offer_compressed(i);
    }
  } else {
    renew_gradient();
    learner->accumulate(now, blocks, arena(), *gradient, losses);
    const auto sending = work.sending();
    offer_sums();
  }
  step_losses lost;
  lost.step = step;
  lost.first_block = options.first_block;
  for (const auto& block : losses) {
    lost.negative_log_likelihoods.values.push_back(block.negative_log_likelihood);
    lost.divergences.values.push_back(block.divergence);
  }
  std::for_each(pushes.begin() + pushed_before, pushes.end(), [&](const auto& push) {
    lost.bytes_pushed += push.partial_sum.length;
  });
  lost.bytes_moved = lost.bytes_pushed + std::exchange(bytes_pulled, 0);
  return lost;
}

void trainer_state::renew_gradient() {
  if (options.consistency.in_lockstep())
    return; // when the step is applied, nobody reads it
  gradient.reset();
  gradient = free_one(gradients, learner->layout());
}

void trainer_state::descend(const models::training_step& now) {
  const std::size_t replica = time.worker(step) - options.workers.first;
  const auto turn = time.begin(step) + time.worker(step);
  if (step == turn)
    replicas->begin(replica, origin);
  learner->accumulate(now, blocks, replicas->parameters(replica), *gradient, losses);
  const auto size = learner->layout().size();
  replicas->descend(replica, time.steps_before(step) + 1,
                    {options.num_blocks, gradient->slice({0, size})});
  if (step + time.workers() < time.end(step))
    return;
  const auto difference = replicas->end(replica, origin);
  const auto sending = work.sending();
  for (std::size_t i = 0; i < options.ranges.size(); ++i) {
    const auto& range = options.ranges[i];
    auto ticket = new_ticket(core::tensor_kind::difference, 0, i);
    ticket.step = turn;
    const core::gradient_run run{range.begin, range.size(),
                                 difference.data() + range.begin};
    pushes.push_back({exchange->offer(ticket, {run}, replicas), options.num_blocks});
  }
}

core::tensor_ticket trainer_state::new_ticket(core::tensor_kind kind,
                                              std::size_t block,
                                              std::size_t range) const {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.generation = options.generation;
  ticket.kind = kind;
  ticket.step = step;
  ticket.version = step;
  ticket.block = time.worker(step) * options.plan.blocks + options.first_block
                 + static_cast<std::uint32_t>(block);
  ticket.range = static_cast<std::uint32_t>(range);
  return ticket;
}

void trainer_state::offer_sums() {
  for (std::size_t range = 0; range < options.ranges.size(); ++range)
    pushes.push_back(
      {exchange->offer(new_ticket(core::tensor_kind::partial_sum, 0, range),
                       gradient->slice(options.ranges[range]), gradient),
       options.num_blocks});
}

void trainer_state::offer_compressed(std::size_t block) {
  models::compressed_gradient compressed;
  compressor->compress(step, block, *gradient, compressed);
  const auto sending = work.sending();
  for (std::size_t range = 0; range < options.ranges.size(); ++range) {
    const auto words = free_one(packed);
    models::pack(compressed, options.ranges[range], *words);
    const core::gradient_run run{0, words->size(),
                                 reinterpret_cast<const float*>(words->data())};
    pushes.push_back(
      {exchange->offer(new_ticket(core::tensor_kind::packed_gradient, block, range),
                       {run}, words),
       1});
  }
}

namespace {

using self_pointer = trainer_actor::stateful_pointer<trainer_state>;

void advance(self_pointer self);

/// Ends the lease with an error; the coordinator decides what follows.
void fail(self_pointer self, const caf::error& reason) {
  if (self->state.lease.pending())
    self->state.lease.deliver(reason);
}

/// Asks for a step's rows, unless that was done before.
void request_rows(self_pointer self, std::uint64_t step) {
  const auto& state = self->state;
  if (step == clocks::never)
    return;
  const auto per_epoch = state.options.plan.per_epoch();
  request_rows(self, state.peers.shards, step,
               get_rows{step / per_epoch, step % per_epoch, state.options.first_block,
                        state.options.num_blocks},
               advance, fail);
}

/// Notes a range's parameters, fetching them first if they are in another process.
void take_parameters(self_pointer self,
                     std::size_t range,
                     const core::tensor_ticket& ticket) {
  auto& state = self->state;
  state.is_elsewhere[range] = ticket.process != state.exchange->process();
  const auto use = [self, range, length = ticket.length](payload_pointer here) {
    auto& present = self->state;
    if (!bulk::lies_within(here->runs, present.options.ranges[range]))
      return fail(self,
                  refusal(core::errc::shape_mismatch, "parameters of another range"));
    present.ranges[range] = std::move(here);
    present.bytes_pulled += length;
    --present.ranges_missing;
    advance(self);
  };
  with_payload(self, state.peers.bulk, ticket, use,
               [self](const caf::error& reason) { fail(self, reason); });
}

/// Asks for the parameters that the turns beginning with the present step need.
void pull(self_pointer self) {
  auto& state = self->state;
  state.ranges.assign(state.peers.servers.size(), nullptr);
  state.ranges_missing = state.peers.servers.size();
  for (std::size_t range = 0; range < state.peers.servers.size(); ++range)
    self->request(state.peers.servers[range], work_timeout, pull_parameters{state.step})
      .then(
        [self, range](const parameters_ready& ready) {
          take_parameters(self, range, ready.parameters);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

/// Pushes what was offered, in lockstep. Every answer says that the clock is applied:
/// one a range will do.
void push_and_wait(self_pointer self) {
  auto& state = self->state;
  // Who has no part in the next clock must not ask for its parameters: the others go on
  // without waiting, and they would be gone.
  const auto turn = state.pushes.front().partial_sum.step;
  const auto has_part = state.time.begin(state.step) == state.time.end(turn);
  state.ranges_missing = state.peers.servers.size();
  const auto first_block = state.pushes.front().partial_sum.block;
  for (const auto& offered : state.pushes) {
    const std::size_t range = offered.partial_sum.range;
    const auto is_first = offered.partial_sum.block == first_block;
    self->request(state.peers.servers[range], work_timeout, offered)
      .then(
        [self, range, is_first, has_part](const parameters_ready& ready) {
          if (!is_first)
            return;
          if (has_part)
            return take_parameters(self, range, ready.parameters);
          --self->state.ranges_missing;
          advance(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
  }
}

/// Pushes what was offered, outside lockstep: goes on when the servers have all of it,
/// applied or not.
void push_and_go_on(self_pointer self) {
  auto& state = self->state;
  state.pushes_missing = state.pushes.size();
  for (const auto& offered : state.pushes)
    self->request(state.peers.servers[offered.partial_sum.range], work_timeout, offered)
      .then(
        [self](const parameters_ready&) {
          auto& present = self->state;
          if (--present.pushes_missing > 0)
            return;
          for (const auto& taken : present.pushes)
            present.exchange->release(taken.partial_sum);
          if (present.step < present.last)
            pull(self);
          else
            advance(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

/// Ends the turns in hand.
void push(self_pointer self) {
  auto& state = self->state;
  const auto sending = state.work.sending();
  state.work.queued(state.pushes.size() + state.incoming.missing);
  for (const auto& offered : state.pushes)
    if (state.is_elsewhere[offered.partial_sum.range])
      state.work.sent(offered.partial_sum.length);
  state.ranges.assign(state.peers.servers.size(), nullptr);
  if (state.options.consistency.in_lockstep())
    push_and_wait(self);
  else
    push_and_go_on(self);
}

/// Computes the step in hand; false if its numbers are of no use.
bool compute(self_pointer self) {
  const auto computing = self->state.work.computing();
  try {
    self->send(self->state.peers.coordinator, self->state.compute());
    ++self->state.computed;
    return true;
  } catch (const core::error& broken) {
    fail(self, refusal(core::errc::failed, broken.what()));
    return false;
  }
}

/// Goes on as far as what has arrived allows.
void advance(self_pointer self) {
  auto& state = self->state;
  if (state.ranges_missing > 0 || state.pushes_missing > 0 || !state.lease.pending())
    return;
  if (state.step >= state.last) {
    state.lease.deliver(
      steps_finished{state.last, std::exchange(state.computed, 0), state.work.take()});
    return;
  }
  if (!state.incoming.are_here(state.step))
    return;
  state.assemble_blocks();
  // The next step's rows are found while this one is computed, also where it belongs to
  // the next lease.
  const auto next = state.time.next_step(state.options.workers, state.step);
  request_rows(self, next);
  if (!compute(self))
    return;
  const auto goes_on = next < state.time.end(state.step);
  state.step = next;
  if (goes_on)
    advance(self);
  else
    push(self);
}

} // namespace

trainer_actor::behavior_type
trainer(self_pointer self,
        trainer_options options,
        trainer_peers peers,
        std::shared_ptr<bulk::exchange> exchange,
        std::shared_ptr<std::unique_ptr<models::learner>> learner) {
  share_exception_handler(self);
  auto& state = self->state;
  state.options = std::move(options);
  state.peers = std::move(peers);
  state.exchange = std::move(exchange);
  state.is_elsewhere.resize(state.options.ranges.size());
  state.learner = std::move(*learner);
  const auto& layout = state.learner->layout();
  const auto& work = state.options;
  state.time = clocks{work.consistency, work.plan.per_epoch()};
  state.gradient = std::make_shared<core::gradient>(layout);
  state.gradients = {state.gradient};
  if (work.consistency.kind == consistency_kind::local_sgd)
    state.replicas = std::make_shared<local_replicas>(work.workers.count, layout.size(),
                                                      work.optimiser, work.threads);
  if (state.options.compression.kind != models::compression_kind::none)
    state.compressor = std::make_shared<models::gradient_compressor>(
      state.options.compression, layout, state.options.num_blocks,
      state.options.threads);
  return {
    [self](const run_steps& lease) -> caf::result<steps_finished> {
      auto& present = self->state;
      present.step = present.time.first_step(present.options.workers, lease.first);
      present.last = lease.last;
      present.pushes_missing = 0;
      if (present.step >= lease.last)
        return steps_finished{lease.last};
      present.lease = self->make_response_promise<steps_finished>();
      pull(self);
      request_rows(self, present.step);
      return present.lease;
    },
    [self](const install_residuals& request) { return take_residuals(self, request); },
    [self](const get_residuals& request) {
      return offer_residuals(self->state, request);
    },
  };
}

} // namespace souk::actors
