#include "actors/serve_as_node.hpp"

#include "actors/ask.hpp"
#include "actors/bulk/listener.hpp"
#include "actors/control_channel.hpp"
#include "actors/failure.hpp"
#include "actors/node.hpp"
#include "actors/process_services.hpp"
#include "actors/system_config.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/platform.hpp"

#include <caf/scoped_actor.hpp>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <thread>

namespace souk::actors {

using namespace messages;

namespace {

constexpr auto pause_between_tries = std::chrono::milliseconds{100};

bulk::credentials credentials_of(const node_process& options) {
  return options.patience
           ? bulk::credentials_of_run(options.certificates, bulk::role::node)
           : bulk::credentials_of_cluster(options.certificates, bulk::role::node,
                                          options.listen.host);
}

/// Looks for the run's entrance. Whoever started this process may be frozen for a
/// while, and a node may be here long before a run is.
gate_actor find_entrance(caf::actor_system& system, const node_process& options) {
  const auto since = core::seconds_now();
  const auto place = to_string(options.join);
  std::string said;
  for (;;) {
    auto entrance = reach<gate_actor>(system, options.join.host, options.join.port);
    if (entrance)
      return *entrance;
    const auto reason = describe(entrance.error());
    if (options.patience && core::seconds_now() - since > *options.patience)
      throw core::error{"cannot join the run: " + reason, place,
                        "nodes are started by souk run itself"};
    if (!options.patience && reason != said) {
      core::log::info("waiting for a run at " + place + " (" + reason + ")");
      said = reason;
    }
    std::this_thread::sleep_for(pause_between_tries);
  }
}

/// Throws an error of the request where the run does not want this process.
void present_itself(caf::actor_system& system,
                    const gate_actor& entrance,
                    const join_run& arrival,
                    const node_process& options) {
  try {
    // What this process sends just when it is given up, having been frozen, is lost
    // without an error: only the entrance's end tells.
    ask_later<node_done>(system, entrance, arrival, "").get();
  } catch (const core::error& broken) {
    const auto is_unwanted = broken.whom() == core::blame::request;
    throw core::error{
      (is_unwanted ? "the run refuses this node: " : "cannot join the run: ")
        + std::string{broken.what()},
      to_string(options.join), "", broken.whom()};
  }
}

/// Ends the process with an error: its actors run, and an actor system that is
/// destroyed waits for them.
[[noreturn]] void fail(const core::error& broken) {
  core::log::failure(broken.what());
  std::_Exit(core::exit_code_of(broken.whom()));
}

[[noreturn]] void take_part(caf::actor_system& system,
                            const process_services& services,
                            const node_process& options,
                            context_loader load) {
  const auto entrance = find_entrance(system, options);
  node_options role;
  role.folder = options.folder;
  role.turned_away = [](const std::string& reason) {
    core::log::failure("the run turned this process away: " + reason);
    std::_Exit(
      core::exit_code_of(core::blame::request)); // the same again would not help
  };
  // It waits for files, so it needs a thread of its own.
  const node_actor agent =
    system.spawn<caf::detached>(node, services, std::move(load), role);
  caf::scoped_actor self{system};
  self->monitor(entrance);
  self->monitor(agent);
  present_itself(system, entrance,
                 join_run{core::souk_version(), static_cast<std::uint32_t>(getpid()),
                          agent, services.transport->address()},
                 options);
  core::log::info("joined the run at " + to_string(options.join));
  // Either the run's process vanished or it told this one to go. Nothing here outlives
  // the run, and a trainer in the middle of a step need not finish it.
  self->receive([&](const caf::down_msg& down) {
    if (down.source != agent.address()
        || down.reason == caf::exit_reason::user_shutdown)
      return;
    core::log::failure("this process's agent broke: " + describe(down.reason));
    std::_Exit(core::exit_code_of(core::blame::environment));
  });
  core::log::info("the run at " + to_string(options.join) + " is over, or gone");
  std::_Exit(0);
}

} // namespace

void check_node(const node_process& options) {
  check_cluster_credentials(options.certificates, bulk::role::node,
                            options.listen.host);
  bulk::check_is_free(options.listen);
}

void serve_as_node(const node_process& options, context_loader load) {
  system_config config{credentials_of(options)};
  caf::actor_system system{config};
  try {
    const auto services =
      start_services(system, config.credentials(), options.listen.port);
    take_part(system, services, options, std::move(load));
  } catch (const core::error& broken) {
    fail(broken);
  } catch (const std::exception& broken) {
    fail({broken.what(), "this node", ""});
  }
}

} // namespace souk::actors
