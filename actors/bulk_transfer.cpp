#include "actors/bulk_transfer.hpp"

#include "actors/failure.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cstring>

// fetcher                     its bulk actor                owner's bulk actor
//    | fetch_tensor {ticket}        |                              |
//    |----------------------------->| read_chunk (up to 4 open)    |
//    |                              |----------------------------->|
//    |                              |<-- tensor_chunk -------------|
//    |                              |  ... until all bytes are there, checksum, keep
//    |<-- tensor_arrived -----------|

namespace souk::actors {

using namespace messages;

caf::result<tensor_chunk> bulk_transfer_state::cut(const read_chunk& request) const {
  const auto numbers = exchange->find(request.ticket);
  if (!numbers)
    return refusal(core::errc::unknown_ticket, "this tensor is not offered (any more)");
  const auto total = request.ticket.length;
  if (request.length > chunk_bytes_max || request.offset > total
      || request.length > total - request.offset)
    return refusal(core::errc::too_large, "a chunk outside its tensor");
  tensor_chunk chunk{request.offset, {}};
  chunk.bytes.values.resize(request.length);
  bulk::encode_part(numbers->runs, request.offset, chunk.bytes.values);
  return chunk;
}

arriving_tensor* bulk_transfer_state::find(const core::tensor_ticket& ticket) {
  const auto found =
    std::find_if(arriving.begin(), arriving.end(), [&](const arriving_tensor& x) {
      return core::same_bytes(x.ticket, ticket);
    });
  return found == arriving.end() ? nullptr : &*found;
}

caf::error bulk_transfer_state::take(arriving_tensor& tensor,
                                     const tensor_chunk& chunk) {
  const auto& bytes = chunk.bytes.values;
  if (chunk.offset > tensor.bytes->size()
      || bytes.size() > tensor.bytes->size() - chunk.offset)
    return refusal(core::errc::corrupt_payload, "a chunk outside its tensor arrived");
  std::memcpy(tensor.bytes->data() + chunk.offset, bytes.data(), bytes.size());
  tensor.received += bytes.size();
  if (tensor.received < tensor.bytes->size())
    return {};
  auto arrived = bulk::decode(tensor.bytes);
  if (bulk::checksum_of(arrived.runs) != tensor.ticket.checksum)
    return refusal(core::errc::corrupt_payload, "a tensor arrived damaged");
  exchange->keep(tensor.ticket, std::move(arrived));
  for (auto& promise : tensor.waiting)
    promise.deliver(tensor_arrived{tensor.ticket});
  arriving.remove_if([&](const arriving_tensor& x) { return &x == &tensor; });
  return {};
}

void bulk_transfer_state::abandon(const core::tensor_ticket& ticket,
                                  const caf::error& reason) {
  if (auto* tensor = find(ticket)) {
    for (auto& promise : tensor->waiting)
      promise.deliver(reason);
    arriving.remove_if([&](const arriving_tensor& x) { return &x == tensor; });
  }
}

namespace {

using self_pointer = bulk_actor::stateful_pointer<bulk_transfer_state>;

/// Asks for the next chunk of a transfer, and for the one after it when that is there.
void request_chunk(self_pointer self,
                   const bulk_actor& owner,
                   arriving_tensor& tensor) {
  const auto left = tensor.ticket.length - tensor.requested;
  if (left == 0)
    return;
  const read_chunk request{tensor.ticket, tensor.requested,
                           std::min(left, chunk_bytes_max)};
  tensor.requested += request.length;
  const auto ticket = tensor.ticket;
  self->request(owner, control_timeout, request)
    .then(
      [self, owner, ticket](const tensor_chunk& chunk) {
        auto* waiting = self->state.find(ticket);
        if (!waiting)
          return;
        try {
          if (auto reason = self->state.take(*waiting, chunk))
            return self->state.abandon(ticket, reason);
        } catch (const core::error& broken) {
          return self->state.abandon(
            ticket, refusal(core::errc::corrupt_payload, broken.what()));
        }
        if (auto* still = self->state.find(ticket))
          request_chunk(self, owner, *still);
      },
      [self, ticket](const caf::error& reason) {
        self->state.abandon(ticket, reason);
      });
}

} // namespace

bulk_actor::behavior_type bulk_transfer(self_pointer self,
                                        std::shared_ptr<bulk::exchange> exchange,
                                        std::function<bulk_actor(std::uint32_t)> peer) {
  share_exception_handler(self);
  self->state.exchange = std::move(exchange);
  self->state.peer = std::move(peer);
  return {
    [self](const fetch_tensor& fetch) -> caf::result<tensor_arrived> {
      auto& state = self->state;
      if (state.exchange->find(fetch.ticket))
        return tensor_arrived{fetch.ticket};
      if (fetch.ticket.length > bulk::payload_bytes_max)
        return refusal(core::errc::too_large, "a tensor longer than allowed");
      const auto owner = state.peer(fetch.ticket.process);
      if (!owner || fetch.ticket.process == state.exchange->process())
        return refusal(core::errc::unknown_ticket, "nobody offers this tensor");
      auto promise = self->make_response_promise<tensor_arrived>();
      if (auto* already = state.find(fetch.ticket)) {
        already->waiting.push_back(promise);
        return promise;
      }
      state.arriving.push_back(
        {fetch.ticket,
         std::make_shared<core::aligned_vector<std::uint8_t>>(fetch.ticket.length),
         0,
         0,
         {promise}});
      for (std::size_t i = 0; i < bulk_transfer_state::window; ++i)
        request_chunk(self, owner, state.arriving.back());
      return promise;
    },
    [self](const read_chunk& request) { return self->state.cut(request); },
  };
}

} // namespace souk::actors
