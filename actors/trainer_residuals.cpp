#include "actors/trainer_residuals.hpp"

#include "actors/failure.hpp"
#include "actors/with_payload.hpp"

// coordinator             trainer            whoever has the checkpoint's residuals
//    | install_residuals     |                        |
//    |---------------------->| fetch_tensor (its own, one after another)
//    |                       |----------------------->|
//    |<- residuals_installed-|<-----------------------|
//    | get_residuals (between leases)                 |
//    |---------------------->|
//    |<- tickets ------------|

namespace souk::actors {

using namespace messages;

namespace {

using self_pointer = trainer_actor::stateful_pointer<trainer_state>;
using promise_type = caf::typed_response_promise<residuals_installed>;

/// Which tensors a trainer keeps: [first, first + count) of `total`.
struct kept_numbers {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t total = 0;
};

kept_numbers numbers_of(const trainer_state& state) {
  const auto& options = state.options;
  if (state.replicas)
    return {std::size_t{2} * options.workers.first, 2 * state.replicas->count(),
            std::size_t{2} * options.consistency.workers};
  if (state.compressor && state.compressor->keeps_residuals())
    return {options.first_block, options.num_blocks, options.plan.blocks};
  return {};
}

core::span<const float> kept(const trainer_state& state, std::size_t index) {
  return state.replicas ? state.replicas->moments(index / 2, index % 2)
                        : state.compressor->residual(index);
}

void restore(trainer_state& state,
             std::size_t index,
             core::version_t version,
             core::span<const float> values) {
  if (state.replicas)
    state.replicas->restore(index / 2, index % 2, values);
  else
    state.compressor->restore(index, version, values);
}

/// Restores what the trainer keeps from its tensor `index` on, one after another.
void restore_from(self_pointer self,
                  std::size_t index,
                  const install_residuals& request,
                  promise_type promise) {
  auto& state = self->state;
  const auto numbers = numbers_of(state);
  if (index == numbers.count) {
    state.last = request.version;
    promise.deliver(residuals_installed{});
    return;
  }
  if (request.residuals.empty()) {
    restore(state, index, request.version, {});
    return restore_from(self, index + 1, request, promise);
  }
  const auto ticket = request.residuals[numbers.first + index];
  const auto use = [=](const payload_pointer& here) {
    auto& present = self->state;
    auto answer = promise;
    if (!bulk::fills(here->runs, {{0, present.learner->layout().size()}})) {
      answer.deliver(
        refusal(core::errc::shape_mismatch, "a residual of another model"));
      return;
    }
    restore(present, index, request.version,
            {here->runs[0].values, here->runs[0].length});
    present.exchange->release(ticket);
    restore_from(self, index + 1, request, promise);
  };
  with_payload(self, state.peers.bulk, ticket, use, refuse_with(promise));
}

} // namespace

caf::result<residuals_installed> take_residuals(self_pointer self,
                                                const install_residuals& request) {
  const auto numbers = numbers_of(self->state);
  if (numbers.total == 0)
    return refusal(core::errc::not_ready, "nothing is kept from step to step");
  if (!request.residuals.empty() && request.residuals.size() != numbers.total)
    return refusal(core::errc::shape_mismatch, "what other trainers have kept");
  auto promise = self->make_response_promise<residuals_installed>();
  restore_from(self, 0, request, promise);
  return promise;
}

caf::result<residuals_ready> offer_residuals(trainer_state& state,
                                             const get_residuals& request) {
  const auto numbers = numbers_of(state);
  if (numbers.total == 0)
    return refusal(core::errc::not_ready, "nothing is kept from step to step");
  if (request.version != state.last)
    return refusal(core::errc::not_ready, "another version of the residuals");
  residuals_ready ready;
  for (std::size_t i = 0; i < numbers.count; ++i) {
    core::tensor_ticket ticket;
    ticket.run = state.options.run;
    ticket.generation = state.options.generation;
    ticket.kind = core::tensor_kind::residual;
    ticket.version = request.version;
    ticket.block = static_cast<std::uint32_t>(numbers.first + i);
    const auto values = kept(state, i);
    std::shared_ptr<const void> owner = state.compressor;
    if (state.replicas)
      owner = state.replicas;
    ready.residuals.push_back(
      state.exchange->offer(ticket, {{0, values.size(), values.data()}}, owner));
  }
  return ready;
}

} // namespace souk::actors
