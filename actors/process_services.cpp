#include "actors/process_services.hpp"

#include "actors/bulk_transfer.hpp"

namespace souk::actors {

process_services start_services(caf::actor_system& system,
                                const bulk::credentials* mine,
                                std::uint16_t port) {
  process_services services;
  services.exchange = std::make_shared<bulk::exchange>();
  if (mine != nullptr) {
    auto options = bulk::options_for(*mine);
    options.port = port;
    services.transport = std::make_shared<bulk::transport>(services.exchange, options);
  }
  services.bulk =
    system.spawn(bulk_transfer, services.exchange, fetching_with(services.transport));
  return services;
}

} // namespace souk::actors
