#include "actors/item_trainer.hpp"

#include "actors/failure.hpp"
#include "actors/with_payload.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <utility>

// coordinator     trainer                        owners of items      middle's server
//    | run_steps     | pull_parameters                |                        |
//    |-------------->|-------------------------------------------------------->|
//    |               | (rows from all shards)         |                        |
//    |               | encode_items: rows             |                        |
//    |               |------------------------------->|                        |
//    |               |<- partial: first layer --------|                        |
//    |               | compare_items: hidden layer    |                        |
//    |               |------------------------------->| logits                 |
//    |               |<- partial: softmaxes ----------|                        |
//    |               | differentiate_items: scales    |                        |
//    |               |------------------------------->|                        |
//    |               |<- partial: hidden gradients ---| last layer's step      |
//    |               | push_gradient (middle), update_items: first layer's     |
//    |               |------------------------------->| first layer's step     |
//    |               |-------------------------------------------------------->| Adam
//    |               |<- items_updated ---------------|                        |
//    |               |<- parameters_ready -------------------------------------|
//    |<- step_losses-|  ... the next step, until the lease ends
//    |<- steps_finished

namespace souk::actors {

using namespace messages;

void item_trainer_state::begin_step() {
  const auto batch = step % options.plan.per_epoch();
  rows_owner = incoming.take(rows, learner->num_rows());
  computing = true;
  bytes_pushed = 0;
  learner->begin({options.seed, step, options.plan.users_of(batch)}, rows);
}

core::tensor_ticket item_trainer_state::offer(core::tensor_kind kind,
                                              core::gradient_slice runs,
                                              std::shared_ptr<const void> owner,
                                              std::size_t range,
                                              std::size_t readers) {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.generation = options.generation;
  ticket.kind = kind;
  ticket.step = step;
  ticket.version = step;
  ticket.range = static_cast<std::uint32_t>(range);
  const auto sending = work.sending();
  ticket = exchange->offer(ticket, std::move(runs), std::move(owner));
  bytes_pushed += readers * ticket.length;
  const auto first = is_elsewhere.begin() + static_cast<std::ptrdiff_t>(range);
  if (range + readers <= is_elsewhere.size()) // else it is for the middle's server
    work.sent(ticket.length
              * static_cast<std::uint64_t>(
                std::count(first, first + static_cast<std::ptrdiff_t>(readers), true)));
  return ticket;
}

std::vector<core::span<const float>>
item_trainer_state::partial_sums(std::size_t size) const {
  std::vector<core::span<const float>> sums;
  for (const auto& partial : partials) {
    if (partial->runs.size() != 1 || partial->runs[0].length != size)
      throw core::error{"an owner's sum has the shape of another batch", "item_trainer",
                        ""};
    sums.emplace_back(partial->runs[0].values, size);
  }
  return sums;
}

core::span<const float> item_trainer_state::parameters() const {
  return {middle->runs[0].values, middle->runs[0].length};
}

step_losses item_trainer_state::losses_of_step() const {
  step_losses lost;
  lost.step = step;
  for (const auto& block : losses) {
    lost.negative_log_likelihoods.values.push_back(block.negative_log_likelihood);
    lost.divergences.values.push_back(block.divergence);
  }
  lost.bytes_pushed = bytes_pushed;
  lost.bytes_moved = bytes_pushed + bytes_pulled;
  return lost;
}

namespace {

using self_pointer = trainer_actor::stateful_pointer<item_trainer_state>;
using then_function = void (*)(self_pointer);

void advance(self_pointer self);

/// Ends the lease with an error; the coordinator decides what follows.
void fail(self_pointer self, const caf::error& reason) {
  if (self->state.lease.pending())
    self->state.lease.deliver(reason);
}

/// Asks for a step's rows, unless that was done before.
void request_rows(self_pointer self, std::uint64_t step) {
  const auto& plan = self->state.options.plan;
  const auto per_epoch = plan.per_epoch();
  request_rows(self, self->state.peers.shards, step,
               get_rows{step / per_epoch, step % per_epoch, 0, plan.blocks}, advance,
               fail);
}

/// Brings what a ticket names, then calls `use` with it.
template <class Use>
void with_tensor(self_pointer self, const core::tensor_ticket& ticket, Use use) {
  self->state.bytes_pulled += ticket.length;
  with_payload(self, self->state.peers.bulk, ticket, use,
               [self](const caf::error& reason) { fail(self, reason); });
}

/// Takes the next part of a step; numbers that do not fit end the lease.
void take_on(self_pointer self, then_function then) {
  const auto computing = self->state.work.computing();
  try {
    then(self);
  } catch (const core::error& broken) {
    fail(self, refusal(core::errc::shape_mismatch, broken.what()));
  }
}

/// Asks every owner for its part of a sum, request_of(i); goes on when all are here.
template <class RequestOf>
void ask_owners(self_pointer self, const RequestOf& request_of, then_function then) {
  auto& state = self->state;
  const auto& owners = state.peers.owners;
  state.partials.assign(owners.size(), nullptr);
  state.missing = owners.size();
  state.work.queued(owners.size() + state.incoming.missing);
  for (std::size_t i = 0; i < owners.size(); ++i)
    self->request(owners[i], work_timeout, request_of(i))
      .then(
        [self, i, then](const partial_ready& ready) {
          auto& present = self->state;
          present.is_elsewhere[i] =
            ready.partial.process != present.exchange->process();
          with_tensor(self, ready.partial,
                      [self, i, then](std::shared_ptr<const bulk::payload> here) {
                        self->state.partials[i] = std::move(here);
                        if (--self->state.missing == 0)
                          take_on(self, then);
                      });
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

/// Views numbers that travel as one run.
core::gradient_slice one_run(core::span<const float> values) {
  return {{0, values.size(), values.data()}};
}

/// One more answer to the end of a step is here; the last one ends it.
void finish_part(self_pointer self) {
  auto& state = self->state;
  if (--state.missing > 0)
    return;
  state.computing = false;
  self->send(state.peers.coordinator, state.losses_of_step());
  state.bytes_pulled = 0;
  ++state.step;
  ++state.computed;
  advance(self);
}

/// Takes the middle's parameters, then goes on.
void take_parameters(self_pointer self,
                     const core::tensor_ticket& ticket,
                     then_function then) {
  with_tensor(self, ticket, [self, then](std::shared_ptr<const bulk::payload> here) {
    auto& state = self->state;
    if (!bulk::fills(here->runs, {state.learner->range()}))
      return fail(self,
                  refusal(core::errc::shape_mismatch, "parameters of another range"));
    state.middle = std::move(here);
    then(self);
  });
}

/// The hidden gradients are here: the last part of a step.
void differentiate(self_pointer self) {
  auto& state = self->state;
  auto& learner = *state.learner;
  const auto gradients = learner.differentiate(
    state.partial_sums(learner.hidden_size()), state.parameters(), *state.gradient);
  const auto owners = state.peers.owners.size();
  state.missing = owners + 1;
  const update_items update{state.offer(core::tensor_kind::first_layer_gradients,
                                        one_run(gradients), state.learner, 0, owners)};
  for (const auto& owner : state.peers.owners)
    self->request(owner, work_timeout, update)
      .then([self](const items_updated&) { finish_part(self); },
            [self](const caf::error& reason) { fail(self, reason); });
  const auto range = learner.range();
  auto slice = state.gradient->slice({0, range.size()});
  for (auto& run : slice)
    run.offset += range.begin;
  const push_gradient push{state.offer(core::tensor_kind::partial_sum, std::move(slice),
                                       state.gradient, owners, 1),
                           state.options.plan.blocks};
  self->request(state.peers.middle, work_timeout, push)
    .then(
      [self](const parameters_ready& ready) {
        take_parameters(self, ready.parameters, finish_part);
      },
      [self](const caf::error& reason) { fail(self, reason); });
}

/// The softmaxes are here.
void compare(self_pointer self) {
  auto& state = self->state;
  const auto rows = state.learner->num_rows();
  std::vector<std::vector<models::row_softmax>> softmaxes;
  for (const auto& words :
       state.partial_sums(rows * (sizeof(models::row_softmax) / sizeof(float))))
    softmaxes.push_back(models::softmaxes_of(words, rows));
  const auto& scales = state.learner->compare(softmaxes, state.losses);
  const differentiate_items request{
    state.offer(core::tensor_kind::row_scales, one_run(models::as_floats(scales)),
                state.learner, 0, state.peers.owners.size())};
  ask_owners(
    self, [&](std::size_t) { return request; }, differentiate);
}

/// The first layer's sums are here.
void encode(self_pointer self) {
  auto& state = self->state;
  auto& learner = *state.learner;
  const auto hidden =
    learner.encode(state.partial_sums(learner.first_layer_size()), state.parameters());
  const compare_items request{state.offer(core::tensor_kind::hidden_layer,
                                          one_run(hidden), state.learner, 0,
                                          state.peers.owners.size())};
  ask_owners(
    self, [&](std::size_t) { return request; }, compare);
}

void begin_step(self_pointer self) {
  auto& state = self->state;
  const auto computing = state.work.computing();
  state.begin_step();
  request_rows(self, state.step + 1);
  const auto rows_of = [&](std::size_t owner) {
    const auto words =
      std::make_shared<models::packed_words>(state.learner->rows_for(owner));
    const core::gradient_run run{0, words->size(),
                                 reinterpret_cast<const float*>(words->data())};
    return encode_items{
      state.offer(core::tensor_kind::item_rows, {run}, words, owner, 1)};
  };
  ask_owners(self, rows_of, encode);
}

/// Goes on as far as what has arrived allows.
void advance(self_pointer self) {
  auto& state = self->state;
  if (state.computing || !state.middle || !state.lease.pending())
    return;
  if (state.step == state.last) {
    state.lease.deliver(
      steps_finished{state.last, std::exchange(state.computed, 0), state.work.take()});
    return;
  }
  if (state.incoming.are_here(state.step))
    begin_step(self);
}

caf::result<steps_finished> start_lease(self_pointer self, const run_steps& lease) {
  auto& state = self->state;
  state.lease = self->make_response_promise<steps_finished>();
  state.step = lease.first;
  state.last = lease.last;
  state.computing = false;
  state.middle = nullptr;
  state.bytes_pulled = 0;
  self->request(state.peers.middle, work_timeout, pull_parameters{lease.first})
    .then(
      [self](const parameters_ready& ready) {
        take_parameters(self, ready.parameters, advance);
      },
      [self](const caf::error& reason) { fail(self, reason); });
  if (lease.first < lease.last)
    request_rows(self, lease.first);
  return state.lease;
}

} // namespace

trainer_actor::behavior_type
item_trainer(self_pointer self,
             item_trainer_options options,
             item_trainer_peers peers,
             std::shared_ptr<bulk::exchange> exchange,
             std::shared_ptr<models::middle_learner> learner) {
  share_exception_handler(self);
  auto& fresh = self->state;
  fresh.options = std::move(options);
  fresh.peers = std::move(peers);
  fresh.exchange = std::move(exchange);
  fresh.learner = std::move(learner);
  fresh.gradient = std::make_shared<core::gradient>(fresh.learner->layout());
  fresh.losses.resize(fresh.options.plan.blocks);
  fresh.is_elsewhere.resize(fresh.peers.owners.size());
  return {
    [self](const run_steps& lease) { return start_lease(self, lease); },
    [](const install_residuals&) -> caf::result<residuals_installed> {
      return refusal(core::errc::not_ready, "gradients are not compressed");
    },
    [](const get_residuals&) -> caf::result<residuals_ready> {
      return refusal(core::errc::not_ready, "gradients are not compressed");
    },
  };
}

} // namespace souk::actors
