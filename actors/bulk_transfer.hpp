#pragma once

#include "actors/bulk/transport.hpp"
#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace souk::actors {

/// Begins to bring a tensor into this process's exchange; tells how that ended.
using fetch_function =
  std::function<void(const core::tensor_ticket&, bulk::transport::when_ended)>;

/// Fetches over a transport as long as that lives; null: from nobody.
fetch_function fetching_with(const std::shared_ptr<bulk::transport>& transport);

/// Says how a fetch ended. Comes from the transport's thread and never travels.
struct fetch_ended {
  std::uint64_t number = 0;
  bulk::fetch_end end;
};

/// A bulk actor as its own process's transport sees it.
using bulk_transfer_actor = messages::bulk_actor::extend<caf::reacts_to<fetch_ended>>;

/// Somebody who waits for a tensor.
struct waiting_fetch {
  core::tensor_ticket ticket;
  caf::typed_response_promise<messages::tensor_arrived> promise;
};

/// Who waits for what.
struct bulk_transfer_state {
  static constexpr const char* name = "bulk_transfer";

  std::shared_ptr<bulk::exchange> exchange;
  fetch_function fetch;
  std::map<std::uint64_t, waiting_fetch> waiting; ///< by number
  std::uint64_t last_number = 0;
  std::set<std::uint32_t> unreachable; ///< since the last time that somebody asked
};

/// The actors' face of a process's transport: answers when the tensor is in the
/// exchange.
bulk_transfer_actor::behavior_type
bulk_transfer(bulk_transfer_actor::stateful_pointer<bulk_transfer_state> self,
              std::shared_ptr<bulk::exchange> exchange,
              fetch_function fetch);

} // namespace souk::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::fetch_ended)
