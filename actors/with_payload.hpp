#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/failure.hpp"
#include "actors/messages/types.hpp"

#include <memory>

namespace souk::actors {

using payload_pointer = std::shared_ptr<const bulk::payload>;

/// Brings a ticket's bytes into the process, then calls `use` with them; if they cannot
/// be had, `promise` gets the reason. The actor's state has an `exchange` and a `bulk`
/// actor.
template <class Self, class Promise, class Use>
void with_payload(Self* self,
                  const core::tensor_ticket& ticket,
                  Promise promise,
                  Use use) {
  if (auto here = self->state.exchange->find(ticket))
    return use(std::move(here));
  self->request(self->state.bulk, work_timeout, messages::fetch_tensor{ticket})
    .then(
      [self, use, promise](const messages::tensor_arrived& arrived) {
        if (auto here = self->state.exchange->find(arrived.ticket))
          return use(std::move(here));
        auto answer = promise;
        answer.deliver(refusal(core::errc::unknown_ticket, "it was withdrawn"));
      },
      [promise](const caf::error& reason) {
        auto answer = promise;
        answer.deliver(reason);
      });
}

} // namespace souk::actors
