#include "actors/ask.hpp"
#include "actors/cluster.hpp"
#include "actors/control_channel.hpp"
#include "actors/gate.hpp"
#include "actors/node.hpp"
#include "actors/process_services.hpp"
#include "actors/system_config.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace souk::actors {

using namespace messages;

namespace {

/// How long a process tries to join its run.
constexpr double join_timeout_seconds = 30;

} // namespace

void serve_as_node(std::uint16_t port,
                   const std::string& certificates,
                   context_loader load) {
  const auto mine = bulk::credentials_of_run(certificates, bulk::role::node);
  system_config config{mine};
  caf::actor_system system{config};
  // Whoever started this process may be frozen for a while.
  const auto deadline = core::seconds_now() + join_timeout_seconds;
  auto entrance = reach<gate_actor>(system, "127.0.0.1", port);
  while (!entrance && core::seconds_now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    entrance = reach<gate_actor>(system, "127.0.0.1", port);
  }
  if (!entrance)
    throw core::error{"cannot join the run: " + describe(entrance.error()),
                      "127.0.0.1:" + std::to_string(port),
                      "nodes are started by souk run itself"};
  const auto services = start_services(system, &mine);
  const node_actor agent = system.spawn(node, services, std::move(load),
                                        /*has_peers=*/true, /*detached_trainers=*/true);
  caf::scoped_actor self{system};
  self->monitor(*entrance);
  self->monitor(agent);
  ask<node_done>(system, *entrance,
                 join_run{core::souk_version(), static_cast<std::uint32_t>(getpid()),
                          agent, services.transport->address()},
                 "joining the run");
  // Either the run's process vanished or it told this one to go. Nothing here outlives
  // the run, and a trainer in the middle of a step need not finish it.
  self->receive([&](const caf::down_msg& down) {
    if (down.source != agent.address()
        || down.reason == caf::exit_reason::user_shutdown)
      return;
    core::log::failure("this process's agent broke: " + describe(down.reason));
    std::_Exit(1);
  });
  std::_Exit(0);
}

} // namespace souk::actors
