#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/bulk/transport.hpp"
#include "actors/messages/types.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace souk::actors {

/// What the actors of one process share.
struct process_services {
  std::shared_ptr<bulk::exchange> exchange;
  std::shared_ptr<bulk::transport> transport; ///< null in a run of one process
  messages::bulk_actor bulk;
};

/// Starts them. With credentials, also what moves tensors between processes, which are
/// served at the credentials' address and this port (0: any); null where there is only
/// this process. Throws `core::error`, see `bulk::transport`.
process_services start_services(caf::actor_system& system,
                                const bulk::credentials* mine,
                                std::uint16_t port = 0);

} // namespace souk::actors
