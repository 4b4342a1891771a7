#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/bulk/transport.hpp"
#include "actors/messages/types.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <string>

namespace souk::actors {

/// What the actors of one process share.
struct process_services {
  std::shared_ptr<bulk::exchange> exchange;
  std::shared_ptr<bulk::transport> transport; ///< null in a run of one process
  messages::bulk_actor bulk;
};

/// Starts them. With the run's folder of certificates, also what moves tensors between
/// processes; else the folder is empty.
process_services start_services(caf::actor_system& system,
                                const std::string& certificates);

} // namespace souk::actors
