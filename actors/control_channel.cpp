#include "actors/control_channel.hpp"

#include "actors/control_module.hpp"
#include "actors/failure.hpp"
#include "actors/system_config.hpp"
#include "core/error.hpp"

#include <caf/scoped_actor.hpp>

namespace souk::actors {

namespace {

/// Longer than connecting may take, and than a silent connection lasts.
constexpr std::chrono::seconds answer_limit{10};

} // namespace

std::uint16_t publish_erased(caf::actor_system& system,
                             caf::strong_actor_ptr whom,
                             std::set<std::string> interface,
                             std::uint16_t port,
                             const std::string& host) {
  std::uint16_t found = 0;
  caf::scoped_actor self{system};
  self
    ->request(control_of(system)->middleman, answer_limit, caf::publish_atom::value,
              port, std::move(whom), std::move(interface), host, /*reuse_addr=*/false)
    .receive([&](std::uint16_t actual) { found = actual; },
             [&](caf::error& reason) {
               throw core::error{describe(reason), "control channel", ""};
             });
  return found;
}

caf::expected<caf::strong_actor_ptr> reach_erased(caf::actor_system& system,
                                                  std::set<std::string> interface,
                                                  const std::string& host,
                                                  std::uint16_t port) {
  caf::expected<caf::strong_actor_ptr> found{caf::sec::no_actor_published_at_port};
  caf::scoped_actor self{system};
  self
    ->request(control_of(system)->middleman, answer_limit, caf::connect_atom::value,
              host, port)
    .receive(
      [&](const caf::node_id&, caf::strong_actor_ptr& actor,
          std::set<std::string>& offered) {
        if (!actor)
          return;
        if (system.assignable(offered, interface))
          found = std::move(actor);
        else
          found = caf::sec::unexpected_actor_messaging_interface;
      },
      [&](caf::error& reason) { found = std::move(reason); });
  return found;
}

} // namespace souk::actors
