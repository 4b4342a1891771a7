#pragma once

#include "actors/bulk/credentials.hpp"

#include <caf/actor_system_config.hpp>

#include <memory>
#include <string>

namespace souk::actors {

struct control_state;

/// CAF's configuration as souk wants it: our message types, nothing read from files or
/// the command line, few threads.
class system_config : public caf::actor_system_config {
public:
  system_config();

  /// Adds networking: the control channel (`control_channel.hpp`) with these
  /// credentials, and heartbeats, alike on both ends. Throws `core::error` where the
  /// credentials cannot be used.
  explicit system_config(const bulk::credentials& mine);

  /// What this process shows to others; null without networking.
  const bulk::credentials* credentials() const;

  /// Null without networking.
  const std::shared_ptr<control_state>& control() const {
    return control_;
  }

private:
  std::shared_ptr<control_state> control_;
};

/// Throws `core::error` of the request, with the reason, if the credentials in a folder
/// of `souk certificates` do not let a process of that role listen at a numeric
/// address.
void check_cluster_credentials(const std::string& folder,
                               bulk::role own,
                               const std::string& host);

/// The control channel of a system that was made from a `system_config` with
/// credentials.
const std::shared_ptr<control_state>& control_of(const caf::actor_system& system);

} // namespace souk::actors
