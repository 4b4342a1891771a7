#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <set>
#include <string>

/// CAF's messages between processes, under mutual TLS: both ends check the other's
/// certificate for authority, dates, role and address (`bulk::tls_context`) before CAF
/// hears of the connection. For actor systems whose `system_config` has credentials.
namespace souk::actors {

/// Lets processes with good certificates reach an actor at a numeric address and port.
/// Returns the port. Throws `core::error`: nobody can listen there, or not with these
/// credentials.
std::uint16_t publish_erased(caf::actor_system& system,
                             caf::strong_actor_ptr whom,
                             std::set<std::string> interface,
                             std::uint16_t port,
                             const std::string& host);

/// Finds the actor that is published at a host's port. Fails when nobody is there, does
/// not answer within ten seconds, refuses or is refused, or offers another interface.
caf::expected<caf::strong_actor_ptr> reach_erased(caf::actor_system& system,
                                                  std::set<std::string> interface,
                                                  const std::string& host,
                                                  std::uint16_t port);

/// `publish_erased`, for a handle.
template <class Handle>
std::uint16_t publish(caf::actor_system& system,
                      const Handle& whom,
                      std::uint16_t port,
                      const std::string& host) {
  return publish_erased(system, caf::actor_cast<caf::strong_actor_ptr>(whom),
                        system.message_types(whom), port, host);
}

/// `reach_erased`, for a handle.
template <class Handle>
caf::expected<Handle>
reach(caf::actor_system& system, const std::string& host, std::uint16_t port) {
  const caf::detail::type_list<Handle> type;
  auto found = reach_erased(system, system.message_types(type), host, port);
  if (!found)
    return std::move(found.error());
  return caf::actor_cast<Handle>(std::move(*found));
}

} // namespace souk::actors
