#include "actors/supervisor.hpp"

#include "actors/failure.hpp"

namespace souk::actors {

supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           std::shared_ptr<departures> gone) {
  share_exception_handler(self);
  self->set_down_handler([self, gone](const caf::down_msg& down) {
    auto& state = self->state;
    gone->add(down.source);
    const auto found = state.roles.find(down.source);
    if (found == state.roles.end())
      return;
    if (state.mourner)
      self->send(state.mourner,
                 messages::role_died{found->second, describe(down.reason)});
    state.roles.erase(found);
  });
  return {
    [self](const watch_role& watch) {
      self->state.roles[caf::actor_cast<caf::actor_addr>(watch.actor)] = watch.role;
      self->monitor(watch.actor);
    },
    [self](const report_deaths_to& report) { self->state.mourner = report.mourner; },
    [self](const forget_roles&) {
      for (const auto& [address, role] : self->state.roles)
        self->demonitor(address);
      self->state.roles.clear();
    },
  };
}

} // namespace souk::actors
