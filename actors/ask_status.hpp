#pragma once

#include "core/network_address.hpp"
#include "core/run_status.hpp"

#include <string>

namespace souk::actors {

/// Where a run is asked, and with what.
struct status_address {
  core::network_address at;
  /// Folder of a run's credentials, or of a node's of its cluster.
  std::string certificates;
};

/// The file in a run's folder that says where it can be asked on its machine: one line,
/// "HOST:PORT".
std::string status_file_in(const std::string& run_directory);

/// Finds out where a run on this machine can be asked. Throws `core::error` if it does
/// not run, or is not that far yet.
status_address status_address_in(const std::string& run_directory);

/// Asks a run what it is doing. Throws `core::error` if it cannot be reached, does not
/// accept the credentials, or does not answer within fifteen seconds.
core::run_status ask_status(const status_address& whom);

} // namespace souk::actors
