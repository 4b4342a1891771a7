#pragma once

#include "actors/bulk/certificates.hpp"

#include <caf/actor_system_config.hpp>

namespace souk::actors {

/// CAF's configuration as souk wants it: our message types, nothing read from files or
/// the command line, few threads.
class system_config : public caf::actor_system_config {
public:
  system_config();

  /// Adds networking: mutual TLS with these files, and heartbeats, alike on both ends.
  explicit system_config(const bulk::certificate_files& files);
};

} // namespace souk::actors
