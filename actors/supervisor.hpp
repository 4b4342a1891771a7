#pragma once

#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace souk::actors {

/// Whoever has to hear of a death: a coordinator or a market.
using mourner_actor = caf::typed_actor<caf::reacts_to<messages::role_died>>;

/// Actors that were found to be gone. Safe from any thread.
class departures {
public:
  void add(const caf::actor_addr& who) {
    const std::lock_guard guard{mutex_};
    all_.insert(who);
  }

  template <class Handle>
  bool has(const Handle& who) const {
    const std::lock_guard guard{mutex_};
    return all_.count(caf::actor_cast<caf::actor_addr>(who)) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<caf::actor_addr> all_;
};

/// Begins to watch an actor, under the name that people know it by.
struct watch_role {
  std::string role;
  caf::strong_actor_ptr actor;
};

/// Reports deaths to this actor from now on; null: to nobody.
struct report_deaths_to {
  mourner_actor mourner;
};

/// Stops watching all actors (their end is expected).
struct forget_roles {};

/// Lives in the coordinator's process; these messages never travel.
using supervisor_actor = caf::typed_actor<caf::reacts_to<watch_role>,
                                          caf::reacts_to<report_deaths_to>,
                                          caf::reacts_to<forget_roles>>;

struct supervisor_state {
  static constexpr const char* name = "supervisor";

  std::map<caf::actor_addr, std::string> roles;
  mourner_actor mourner;
};

/// Watches every actor of the run, in whatever process; notes who is gone, and tells
/// who is in charge.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           std::shared_ptr<departures> gone);

} // namespace souk::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::watch_role)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::report_deaths_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::forget_roles)
