#include "actors/trainer.hpp"

#include "actors/failure.hpp"
#include "core/error.hpp"

#include <algorithm>

// coordinator        trainer                data shards         parameter servers
//    | run_steps        |                        |                    |
//    |----------------->| get_rows (all shards)  |                    |
//    |                  |----------------------->|                    |
//    |                  | pull_parameters        |                    |
//    |                  |-------------------------------------------->|
//    |                  |<-- rows ---------------|<-- parameters -----|
//    |<-- step_losses --|  compute               |                    |
//    |                  | push_gradient (every range)                 |
//    |                  |-------------------------------------------->| tree, Adam
//    |                  |<-- parameters_ready (next version) ---------|
//    |                  |  ... the next step, until the lease ends
//    |<- steps_finished-|

namespace souk::actors {

using namespace messages;

void trainer_state::assemble_blocks() {
  const auto rows_per_block = options.plan.rows_per_block();

  struct row {
    core::user_id user = core::no_user;
    core::span<const core::item_id> items;
  };

  std::vector<row> rows(std::size_t{options.num_blocks} * rows_per_block);
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
  blocks.assign(options.num_blocks, {});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& block = blocks[i / rows_per_block];
    block.rows.num_items = options.num_items;
    block.users.push_back(rows[i].user);
    block.rows.append_row(rows[i].items);
  }
  arrived.clear();
}

core::span<const float> trainer_state::gather_parameters() {
  const auto size = learner->layout().size();
  const auto& front = ranges.front()->runs.at(0);
  const auto in_place =
    std::all_of(ranges.begin(), ranges.end(), [&](const auto& numbers) {
      const auto& run = numbers->runs.at(0);
      // Compared as addresses: pointers into different arrays must not be subtracted.
      return numbers->owner == ranges.front()->owner
             && reinterpret_cast<std::uintptr_t>(run.values)
                    - run.offset * sizeof(float)
                  == reinterpret_cast<std::uintptr_t>(front.values)
                       - front.offset * sizeof(float);
    });
  // A tensor that came over the network need not lie on a cache line.
  const auto aligned = reinterpret_cast<std::uintptr_t>(front.values) % 64 == 0;
  if (in_place && aligned)
    return {front.values - front.offset, size};
  scratch.resize(size);
  for (const auto& numbers : ranges)
    for (const auto& run : numbers->runs)
      std::copy_n(run.values, run.length, scratch.data() + run.offset);
  return scratch;
}

step_losses trainer_state::compute() {
  const auto batch = step % options.plan.per_epoch();
  const models::training_step now{options.seed, step, options.plan.users_of(batch)};
  const auto lost = learner->accumulate(now, blocks, gather_parameters(), *gradient);
  step_losses losses;
  losses.step = step;
  losses.first_block = options.first_block;
  for (const auto& block : lost) {
    losses.negative_log_likelihoods.values.push_back(block.negative_log_likelihood);
    losses.divergences.values.push_back(block.divergence);
  }
  return losses;
}

push_gradient trainer_state::offer_gradient(std::size_t range) const {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.kind = core::tensor_kind::partial_sum;
  ticket.step = step;
  ticket.version = step;
  ticket.block = options.first_block;
  ticket.range = static_cast<std::uint32_t>(range);
  ticket = exchange->offer(ticket, gradient->slice(options.ranges[range]), gradient);
  return {ticket, options.num_blocks};
}

namespace {

using self_pointer = trainer_actor::stateful_pointer<trainer_state>;

void advance(self_pointer self);

/// Ends the lease with an error; the coordinator decides what follows.
void fail(self_pointer self, const caf::error& reason) {
  if (self->state.lease.pending())
    self->state.lease.deliver(reason);
}

void request_rows(self_pointer self) {
  auto& state = self->state;
  const auto per_epoch = state.options.plan.per_epoch();
  const get_rows request{state.step / per_epoch, state.step % per_epoch,
                         state.options.first_block, state.options.num_blocks};
  state.shards_missing = state.peers.shards.size();
  for (const auto& shard : state.peers.shards)
    self->request(shard, work_timeout, request)
      .then(
        [self](rows_of_run& rows) {
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

void push(self_pointer self) {
  auto& state = self->state;
  state.ranges.assign(state.peers.servers.size(), nullptr);
  state.ranges_missing = state.peers.servers.size();
  for (std::size_t range = 0; range < state.peers.servers.size(); ++range)
    self->request(state.peers.servers[range], work_timeout, state.offer_gradient(range))
      .then(
        [self, range](const parameters_ready& ready) {
          take_parameters(self, range, ready.parameters);
        },
        [self](const caf::error& reason) { fail(self, reason); });
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
  if (state.shards_missing > 0)
    return;
  state.assemble_blocks();
  self->send(state.peers.coordinator, state.compute());
  push(self);
  ++state.step;
  // The next step's rows travel while this step is summed and applied.
  if (state.step < state.last)
    request_rows(self);
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
  state.gradient = std::make_shared<core::gradient>(state.learner->layout());
  return {
    [self](const run_steps& lease) -> caf::result<steps_finished> {
      auto& present = self->state;
      present.lease = self->make_response_promise<steps_finished>();
      present.step = lease.first;
      present.last = lease.last;
      pull(self);
      if (lease.first < lease.last)
        request_rows(self);
      return present.lease;
    },
  };
}

} // namespace souk::actors
