#include "actors/system_config.hpp"

#include "actors/bulk/secure_link.hpp"
#include "actors/control_module.hpp"
#include "actors/messages/types.hpp"
#include "core/error.hpp"

#include <caf/io/middleman.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace souk::actors {

system_config::system_config() {
  add_message_types<caf::id_block::souk>();
  // Workers that steal look for work every 10 ms once they were idle for a while, which
  // is how long a step's products take; those that share one queue are woken.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads",
      std::max<std::size_t>(2, std::thread::hardware_concurrency()));
}

system_config::system_config(const bulk::credentials& mine) : system_config() {
  control_ = std::make_shared<control_state>();
  control_->credentials = mine;
  control_->security = bulk::control_security(mine);
  load<caf::io::middleman>();
  load<control_module>();
  // A frozen peer is given up soon: at worst a slow one computes for nothing. Alike on
  // both ends, else a healthy idle peer would be declared dead.
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds{500}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{3}});
}

const bulk::credentials* system_config::credentials() const {
  return control_ ? &control_->credentials : nullptr;
}

void check_cluster_credentials(const std::string& folder,
                               bulk::role own,
                               const std::string& host) {
  try {
    const auto mine = bulk::credentials_of_cluster(folder, own, host);
    bulk::check_credentials(mine);
    bulk::check_listening(mine, host);
  } catch (const core::error& wrong) {
    throw core::error::request(wrong.what(), "", "");
  }
}

const std::shared_ptr<control_state>& control_of(const caf::actor_system& system) {
  const auto* config = dynamic_cast<const system_config*>(&system.config());
  core::expects(config != nullptr && config->control() != nullptr,
                "a system with a control channel is made with credentials");
  return config->control();
}

} // namespace souk::actors
