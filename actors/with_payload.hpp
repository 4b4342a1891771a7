#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/failure.hpp"
#include "actors/messages/types.hpp"

#include <memory>

namespace souk::actors {

using payload_pointer = std::shared_ptr<const bulk::payload>;

/// Brings a ticket's bytes into the process, then calls `use` with them; if they cannot
/// be had, `failed` with the reason. The actor's state has an `exchange` and counts
/// what came from elsewhere in its `work`.
template <class Self, class Use, class Failed>
void with_payload(Self* self,
                  const messages::bulk_actor& bulk,
                  const core::tensor_ticket& ticket,
                  Use use,
                  Failed failed) {
  if (auto here = self->state.exchange->find(ticket))
    return use(std::move(here));
  self->request(bulk, work_timeout, messages::fetch_tensor{ticket})
    .then(
      [=](const messages::tensor_arrived& arrived) {
        self->state.work.received(arrived.ticket.length);
        if (auto here = self->state.exchange->find(arrived.ticket))
          return use(std::move(here));
        failed(refusal(core::errc::unknown_ticket, "it was withdrawn"));
      },
      [failed](const caf::error& reason) { failed(reason); });
}

/// What to do for `with_payload` where somebody waits for an answer: that is the
/// reason.
template <class Promise>
auto refuse_with(Promise promise) {
  return [promise](const caf::error& reason) {
    auto answer = promise;
    answer.deliver(reason);
  };
}

} // namespace souk::actors
