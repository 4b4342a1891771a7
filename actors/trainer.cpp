#include "actors/trainer.hpp"

#include "actors/failure.hpp"
#include "actors/trainer_residuals.hpp"
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

namespace souk::actors {

using namespace messages;

void trainer_state::assemble_blocks() {
  const auto rows_per_block = options.plan.rows_per_block();
  rows.assign(std::size_t{options.num_blocks} * rows_per_block, {});
  for (const auto& part : arrived) {
    std::size_t position = 0;
    for (std::size_t i = 0; i < part.places.values.size(); ++i) {
      const auto length = part.lengths.values.at(i);
      const auto place = part.places.values[i];
      core::expects(place < rows.size()
                      && position + length <= part.items.values.size(),
                    "a shard's rows lie within the run");
      rows[place] = {part.users.values.at(i),
                     {part.items.values.data() + position, length}};
      position += length;
    }
  }
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
  arrived.clear();
}

step_losses trainer_state::compute() {
  const auto batch = step % options.plan.per_epoch();
  const models::training_step now{options.seed, step, options.plan.users_of(batch)};
  const auto arena = parameters.view(ranges, learner->layout().size());
  losses.resize(blocks.size());
  pushes.clear();
  if (compressor)
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      learner->accumulate(now, {&blocks[i], 1}, arena, *gradient, {&losses[i], 1});
      offer_compressed(i);
    }
  else {
    learner->accumulate(now, blocks, arena, *gradient, losses);
    offer_sums();
  }
  step_losses lost;
  lost.step = step;
  lost.first_block = options.first_block;
  for (const auto& block : losses) {
    lost.negative_log_likelihoods.values.push_back(block.negative_log_likelihood);
    lost.divergences.values.push_back(block.divergence);
  }
  for (const auto& push : pushes)
    lost.bytes_pushed += push.partial_sum.length;
  lost.bytes_moved = lost.bytes_pushed + std::exchange(bytes_pulled, 0);
  return lost;
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
  ticket.block = options.first_block + static_cast<std::uint32_t>(block);
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
  for (std::size_t range = 0; range < options.ranges.size(); ++range) {
    const auto words = std::make_shared<models::packed_words>(
      models::pack(compressed, options.ranges[range]));
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
  auto& state = self->state;
  if (state.rows_step == step)
    return;
  state.rows_step = step;
  state.arrived.clear();
  const auto per_epoch = state.options.plan.per_epoch();
  const get_rows request{step / per_epoch, step % per_epoch, state.options.first_block,
                         state.options.num_blocks};
  state.shards_missing = state.peers.shards.size();
  for (const auto& shard : state.peers.shards)
    self->request(shard, work_timeout, request)
      .then(
        [self, step](rows_of_run& rows) {
          if (self->state.rows_step != step)
            return; // of a lease that was given up
          self->state.arrived.push_back(std::move(rows));
          --self->state.shards_missing;
          advance(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
}

/// Notes a range's parameters, fetching them first if they are in another process.
void take_parameters(self_pointer self,
                     std::size_t range,
                     const core::tensor_ticket& ticket) {
  auto& state = self->state;
  if (auto here = state.exchange->find(ticket)) {
    if (!bulk::lies_within(here->runs, state.options.ranges[range]))
      return fail(self,
                  refusal(core::errc::shape_mismatch, "parameters of another range"));
    state.ranges[range] = std::move(here);
    state.bytes_pulled += ticket.length;
    --state.ranges_missing;
    return advance(self);
  }
  self->request(state.peers.bulk, work_timeout, fetch_tensor{ticket})
    .then(
      [self, range](const tensor_arrived& arrived) {
        take_parameters(self, range, arrived.ticket);
      },
      [self](const caf::error& reason) { fail(self, reason); });
}

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

/// Pushes what was offered. Every answer says that the step is applied: one a range
/// will do.
void push(self_pointer self) {
  auto& state = self->state;
  state.ranges.assign(state.peers.servers.size(), nullptr);
  state.ranges_missing = state.peers.servers.size();
  for (const auto& offered : state.pushes) {
    const std::size_t range = offered.partial_sum.range;
    const auto is_first = offered.partial_sum.block == state.options.first_block;
    self->request(state.peers.servers[range], work_timeout, offered)
      .then(
        [self, range, is_first](const parameters_ready& ready) {
          if (is_first)
            take_parameters(self, range, ready.parameters);
        },
        [self](const caf::error& reason) { fail(self, reason); });
  }
}

/// Computes the step in hand; false if its numbers are of no use.
bool compute(self_pointer self) {
  try {
    self->send(self->state.peers.coordinator, self->state.compute());
    return true;
  } catch (const core::error& broken) {
    fail(self, refusal(core::errc::failed, broken.what()));
    return false;
  }
}

/// Goes on as far as what has arrived allows.
void advance(self_pointer self) {
  auto& state = self->state;
  if (state.ranges_missing > 0 || !state.lease.pending())
    return;
  if (state.step == state.last) {
    state.lease.deliver(steps_finished{state.last});
    return;
  }
  if (state.rows_step != state.step || state.shards_missing > 0)
    return;
  state.assemble_blocks();
  // The next step's rows are found while this one is computed, also where it belongs to
  // the next lease.
  request_rows(self, state.step + 1);
  if (!compute(self))
    return;
  push(self);
  ++state.step;
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
  state.learner = std::move(*learner);
  const auto& layout = state.learner->layout();
  state.gradient = std::make_shared<core::gradient>(layout);
  if (state.options.compression.kind != models::compression_kind::none)
    state.compressor = std::make_shared<models::gradient_compressor>(
      state.options.compression, layout, state.options.num_blocks,
      state.options.threads);
  return {
    [self](const run_steps& lease) -> caf::result<steps_finished> {
      auto& present = self->state;
      present.lease = self->make_response_promise<steps_finished>();
      present.step = lease.first;
      present.last = lease.last;
      pull(self);
      if (lease.first < lease.last)
        request_rows(self, lease.first);
      return present.lease;
    },
    [self](const install_residuals& request) { return take_residuals(self, request); },
    [self](const get_residuals& request) {
      return offer_residuals(self->state, request);
    },
  };
}

} // namespace souk::actors
