#pragma once

#include "actors/with_payload.hpp"

#include <caf/typed_response_promise.hpp>

#include <utility>

namespace souk::actors {

/// Fetches the three tensors of a state one after another and copies them to where
/// `part` lies in the memory of the actor's state; then calls `begin(version)`, whose
/// reply is the answer. Refuses with `shape_mismatch` what does not fill the part: what
/// was there is then of no use, and training begins again from a checkpoint.
template <class Self, class Begin>
caf::result<messages::parameters_ready> install(Self* self,
                                                const messages::install_state& request,
                                                const core::arena_part& part,
                                                Begin begin) {
  using reply = messages::parameters_ready;
  const auto promise = self->template make_response_promise<reply>();
  const auto finish = [=](const payload_pointer& parameters,
                          const payload_pointer& first, const payload_pointer& second) {
    const auto& memory = *self->state.memory;
    auto answer = promise;
    if (!bulk::copy_into(*parameters, part, memory.parameters.data())
        || !bulk::copy_into(*first, part, memory.first_moments.data())
        || !bulk::copy_into(*second, part, memory.second_moments.data())) {
      answer.deliver(refusal(core::errc::shape_mismatch, "state of another range"));
      return;
    }
    for (const auto& used :
         {request.parameters, request.first_moments, request.second_moments})
      self->state.exchange->release(used);
    answer.deliver(begin(request.version));
  };
  const auto failed = refuse_with(promise);
  with_payload(
    self, self->state.bulk, request.parameters,
    [=](payload_pointer parameters) {
      with_payload(
        self, self->state.bulk, request.first_moments,
        [=](payload_pointer first) {
          with_payload(
            self, self->state.bulk, request.second_moments,
            [=](const payload_pointer& second) { finish(parameters, first, second); },
            failed);
        },
        failed);
    },
    failed);
  return promise;
}

} // namespace souk::actors
