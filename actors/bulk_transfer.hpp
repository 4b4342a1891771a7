#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <list>
#include <memory>
#include <vector>

namespace souk::actors {

/// A tensor on its way into this process.
struct arriving_tensor {
  core::tensor_ticket ticket;
  std::shared_ptr<core::aligned_vector<std::uint8_t>> bytes;
  std::uint64_t requested = 0; ///< bytes asked for so far
  std::uint64_t received = 0;
  std::vector<caf::typed_response_promise<messages::tensor_arrived>> waiting;
};

/// Serves chunks of what the process offers, and fetches what it wants.
struct bulk_transfer_state {
  static constexpr const char* name = "bulk_transfer";
  /// Chunks in flight per tensor: enough to fill the pipe, few enough to stay flat.
  static constexpr std::size_t window = 4;

  std::shared_ptr<bulk::exchange> exchange;
  /// Looks up the bulk actor of a process; null if the process is not known.
  std::function<messages::bulk_actor(std::uint32_t)> peer;
  std::list<arriving_tensor> arriving;

  /// Cuts a chunk out of an offer. Fails with `unknown_ticket` or `too_large`.
  caf::result<messages::tensor_chunk> cut(const messages::read_chunk& request) const;

  /// Finds the transfer of a ticket, or null.
  arriving_tensor* find(const core::tensor_ticket& ticket);

  /// Takes a chunk; when the last one is there, checks and keeps the tensor and answers
  /// everybody who waits. Fails with `corrupt_payload`.
  caf::error take(arriving_tensor& tensor, const messages::tensor_chunk& chunk);

  /// Gives a transfer up and tells everybody who waits.
  void abandon(const core::tensor_ticket& ticket, const caf::error& reason);
};

/// Moves tensors between processes as raw blocks over CAF, in chunks, several at a
/// time. Everybody in a process who wants the same tensor shares one transfer.
messages::bulk_actor::behavior_type
bulk_transfer(messages::bulk_actor::stateful_pointer<bulk_transfer_state> self,
              std::shared_ptr<bulk::exchange> exchange,
              std::function<messages::bulk_actor(std::uint32_t)> peer);

} // namespace souk::actors
