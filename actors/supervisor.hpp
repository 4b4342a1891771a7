#pragma once

#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <string>

namespace souk::actors {

/// Whoever has to hear of a death: a coordinator or a market.
using mourner_actor = caf::typed_actor<caf::reacts_to<messages::role_died>>;

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

/// Watches every actor of the run, in whatever process, and tells who is in charge when
/// one is gone. Whoever dies ends the run; restarting is the next step.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self);

} // namespace souk::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::watch_role)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::report_deaths_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::forget_roles)
