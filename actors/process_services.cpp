#include "actors/process_services.hpp"

#include "actors/bulk_transfer.hpp"

namespace souk::actors {

process_services start_services(caf::actor_system& system,
                                const std::string& certificates) {
  process_services services;
  services.exchange = std::make_shared<bulk::exchange>();
  if (!certificates.empty()) {
    bulk::transport_options options;
    options.credentials = bulk::certificates_in(certificates);
    services.transport = std::make_shared<bulk::transport>(services.exchange, options);
  }
  services.bulk =
    system.spawn(bulk_transfer, services.exchange, fetching_with(services.transport));
  return services;
}

} // namespace souk::actors
