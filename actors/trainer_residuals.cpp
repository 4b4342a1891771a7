#include "actors/trainer_residuals.hpp"

#include "actors/failure.hpp"

// coordinator             trainer            whoever has the checkpoint's residuals
//    | install_residuals     |                        |
//    |---------------------->| fetch_tensor (its own blocks, one after another)
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

/// Restores the run's blocks from `block` on.
void restore_from(self_pointer self,
                  std::size_t block,
                  install_residuals request,
                  promise_type promise) {
  auto& state = self->state;
  for (; block < state.options.num_blocks; ++block) {
    if (request.residuals.empty()) {
      state.compressor->restore(block, request.version, {});
      continue;
    }
    const auto& ticket = request.residuals[state.options.first_block + block];
    const auto here = state.exchange->find(ticket);
    if (!here) {
      self->request(state.peers.bulk, work_timeout, fetch_tensor{ticket})
        .then(
          [=](const tensor_arrived&) { restore_from(self, block, request, promise); },
          [promise](const caf::error& reason) mutable { promise.deliver(reason); });
      return;
    }
    if (here->runs.size() != 1
        || here->runs[0].length != state.learner->layout().size()) {
      promise.deliver(
        refusal(core::errc::shape_mismatch, "a residual of another model"));
      return;
    }
    state.compressor->restore(block, request.version,
                              {here->runs[0].values, here->runs[0].length});
    state.exchange->release(ticket);
  }
  promise.deliver(residuals_installed{});
}

} // namespace

caf::result<residuals_installed> take_residuals(self_pointer self,
                                                const install_residuals& request) {
  const auto& state = self->state;
  if (!state.compressor)
    return refusal(core::errc::not_ready, "gradients are not compressed");
  if (!request.residuals.empty()
      && request.residuals.size() != state.options.plan.blocks)
    return refusal(core::errc::shape_mismatch, "residuals of other blocks");
  auto promise = self->make_response_promise<residuals_installed>();
  restore_from(self, 0, request, promise);
  return promise;
}

caf::result<residuals_ready> offer_residuals(trainer_state& state,
                                             const get_residuals& request) {
  if (!state.compressor || !state.compressor->keeps_residuals())
    return refusal(core::errc::not_ready, "no residuals are kept");
  if (request.version != state.step)
    return refusal(core::errc::not_ready, "another version of the residuals");
  residuals_ready ready;
  for (std::size_t i = 0; i < state.options.num_blocks; ++i) {
    const auto values = state.compressor->residual(i);
    ready.residuals.push_back(
      state.exchange->offer(state.new_ticket(core::tensor_kind::residual, i, 0),
                            {{0, values.size(), values.data()}}, state.compressor));
  }
  return ready;
}

} // namespace souk::actors
