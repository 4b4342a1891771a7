#include "actors/bulk_transfer.hpp"

#include "actors/failure.hpp"

#include <caf/send.hpp>

#include <utility>

// fetcher                     bulk actor            transport (own threads)
//    | fetch_tensor {ticket}        |                       |
//    |----------------------------->| fetch(ticket)         |
//    |                              |---------------------->| ... other process
//    |                              |<-- fetch_ended -------| kept in the exchange
//    |<-- tensor_arrived -----------|

namespace souk::actors {

using namespace messages;

fetch_function fetching_with(const std::shared_ptr<bulk::transport>& transport) {
  return [weak = std::weak_ptr<bulk::transport>{transport}](
           const core::tensor_ticket& ticket, bulk::transport::when_ended ended) {
    if (const auto present = weak.lock())
      return present->fetch(ticket, std::move(ended));
    ended({core::errc::unknown_ticket, "nobody offers this tensor"});
  };
}

namespace {

using self_pointer = bulk_transfer_actor::stateful_pointer<bulk_transfer_state>;

caf::result<tensor_arrived> fetch(self_pointer self,
                                  const core::tensor_ticket& ticket) {
  auto& state = self->state;
  if (state.exchange->find(ticket))
    return tensor_arrived{ticket};
  auto promise = self->make_response_promise<tensor_arrived>();
  const auto number = ++state.last_number;
  state.waiting.emplace(number, waiting_fetch{ticket, promise});
  state.fetch(ticket,
              [number, me = bulk_transfer_actor{self}](const bulk::fetch_end& end) {
                caf::anon_send(me, fetch_ended{number, end});
              });
  return promise;
}

void finish(self_pointer self, const fetch_ended& ended) {
  auto& waiting = self->state.waiting;
  const auto found = waiting.find(ended.number);
  if (found == waiting.end())
    return;
  auto& [ticket, promise] = found->second;
  if (ended.end.code == core::errc::failed)
    self->state.unreachable.insert(ticket.process);
  if (ended.end.code == core::errc::none)
    promise.deliver(tensor_arrived{ticket});
  else
    promise.deliver(refusal(ended.end.code, ended.end.reason));
  waiting.erase(found);
}

} // namespace

bulk_transfer_actor::behavior_type
bulk_transfer(self_pointer self,
              std::shared_ptr<bulk::exchange> exchange,
              fetch_function fetching) {
  share_exception_handler(self);
  self->state.exchange = std::move(exchange);
  self->state.fetch = std::move(fetching);
  return {
    [self](const fetch_tensor& request) { return fetch(self, request.ticket); },
    [self](const get_unreachable&) {
      const auto found = std::exchange(self->state.unreachable, {});
      return unreachable_processes{{found.begin(), found.end()}};
    },
    [self](const fetch_ended& ended) { finish(self, ended); },
  };
}

} // namespace souk::actors
