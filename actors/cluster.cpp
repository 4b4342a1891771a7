#include "actors/cluster.hpp"

#include "actors/ask.hpp"
#include "actors/bulk_transfer.hpp"
#include "actors/child_process.hpp"
#include "actors/coordinator.hpp"
#include "actors/gate.hpp"
#include "actors/market.hpp"
#include "actors/node.hpp"
#include "actors/supervisor.hpp"
#include "actors/system_config.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <caf/openssl/publish.hpp>
#include <caf/openssl/remote_actor.hpp>
#include <caf/send.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

namespace souk::actors {

using namespace messages;

namespace {

/// Seconds that a child may take to come up.
constexpr double join_timeout_seconds = 60;

std::unique_ptr<system_config> make_config(const cluster_options& options,
                                           const std::string& certificates) {
  if (options.processes == 1)
    return std::make_unique<system_config>();
  return std::make_unique<system_config>(bulk::make_certificates(certificates));
}

/// Starts what every process has: the exchange and the actor that moves tensors; with a
/// folder of certificates also what moves them between processes.
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

/// A number that tickets of different trainings do not share.
std::uint64_t fresh_run_number() {
  const auto nanoseconds = static_cast<std::uint64_t>(core::seconds_now() * 1e9);
  return nanoseconds << 16 ^ static_cast<std::uint64_t>(getpid());
}

/// Does something when its scope ends, however it ends.
class at_end {
public:
  explicit at_end(std::function<void()> action) : action_{std::move(action)} {
    // nop
  }

  at_end(const at_end&) = delete;
  at_end& operator=(const at_end&) = delete;

  ~at_end() {
    action_();
  }

private:
  std::function<void()> action_;
};

/// A process's servers work while its trainers wait, so they share the same threads.
std::uint32_t threads_of_server(const cluster_options& options, std::uint32_t server) {
  const auto process = server % options.processes;
  const auto here = [&](std::uint32_t roles) {
    return roles / options.processes + (process < roles % options.processes ? 1 : 0);
  };
  const auto threads = here(options.trainers) * options.threads_per_trainer;
  return std::max(1U, threads / here(options.parameter_servers));
}

std::vector<std::uint32_t> as_message(const std::vector<std::size_t>& runs) {
  return {runs.begin(), runs.end()};
}

} // namespace

struct cluster::state {
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state();

  cluster_options options;
  std::shared_ptr<run_context> context;
  std::string certificates; ///< folder, empty without children
  std::unique_ptr<system_config> config;
  std::unique_ptr<caf::actor_system> system;
  process_services services;
  std::shared_ptr<arrivals> arrived = std::make_shared<arrivals>();
  gate_actor entrance;
  std::vector<child_process> children;
  std::vector<node_actor> nodes;    ///< by process
  std::vector<std::string> names;   ///< of the processes, for messages
  std::vector<pid_t> ids{getpid()}; ///< of the processes
  supervisor_actor watcher;

  node_actor& node_for(std::size_t index) {
    return nodes[index % nodes.size()];
  }

  const std::string& name_for(std::size_t index) const {
    return names[index % names.size()];
  }

  void start_children();
  void wait_for_children();
  void open_run_everywhere(const run_description& run);

  /// Starts a role in the process whose turn it is and has it watched.
  template <class Handle, class Request>
  Handle start_role(const std::string& role, std::size_t index, Request request) {
    const auto name = role + " " + std::to_string(index) + " in " + name_for(index);
    auto handle = await<Handle>(node_for(index), std::move(request), name, [] {});
    watch(name, handle);
    return handle;
  }

  template <class Handle>
  void watch(const std::string& name, const Handle& handle) {
    caf::anon_send(watcher,
                   watch_role{name, caf::actor_cast<caf::strong_actor_ptr>(handle)});
  }

  void watch_nodes() {
    for (std::size_t i = 1; i < nodes.size(); ++i)
      watch(names[i], nodes[i]);
  }

  /// Says how a process ended, or nothing while it runs.
  std::string end_of(std::size_t process) {
    for (auto& child : children)
      if (child.id() == ids[process])
        return child.end();
    return {};
  }

  /// Throws if a process of the run has ended.
  void check_children() {
    // Whoever was killed comes first: the others may have ended because of it.
    for (const auto* how : {"was killed", ""})
      for (std::size_t i = 1; i < nodes.size(); ++i)
        if (const auto end = end_of(i); !end.empty() && end.find(how) == 0)
          throw core::error{names[i] + " " + end, "",
                            "go on from the last checkpoint with --resume"};
  }

  /// Waits for a long answer; a dead process explains a failure better than its actors
  /// do.
  template <class Reply, class Handle, class Request, class Meanwhile>
  Reply await(const Handle& actor,
              Request request,
              const std::string& whom,
              Meanwhile meanwhile) {
    try {
      return ask_patiently<Reply>(*system, actor, request, whom, [&] {
        check_children();
        meanwhile();
      });
    } catch (const core::error&) {
      // The connection breaks a moment before the kernel reports the death.
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
      check_children();
      throw;
    }
  }

  void stop_watching() {
    caf::anon_send(watcher, report_deaths_to{});
    caf::anon_send(watcher, forget_roles{});
  }

  /// Ends the roles of a training; processes that are gone are left out.
  void close_training_everywhere() {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      try {
        if (end_of(i).empty())
          ask<node_done>(*system, nodes[i], close_training{}, names[i]);
      } catch (const core::error& gone) {
        core::log::warning(gone.what());
      }
  }

  template <class Request>
  void tell_all_nodes(const Request& request) {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      await<node_done>(nodes[i], request, names[i], [] {});
  }
};

void cluster::state::start_children() {
  entrance = system->spawn(gate, arrived);
  const auto port = caf::openssl::publish(entrance, 0, "127.0.0.1");
  if (!port)
    throw core::error{"cannot open a port on the loopback interface: "
                        + describe(port.error()),
                      "cluster.processes", "use processes: 1"};
  for (std::uint32_t i = 1; i < options.processes; ++i)
    children.emplace_back(std::vector<std::string>{this_program(), "node", "--join",
                                                   std::to_string(*port),
                                                   "--certificates", certificates});
}

void cluster::state::wait_for_children() {
  const auto deadline = core::seconds_now() + join_timeout_seconds;
  while (arrived->all().size() < children.size()) {
    for (auto& child : children)
      if (!child.end().empty())
        throw core::error{"a process of the run (" + std::to_string(child.id()) + ") "
                            + child.end() + " before it joined",
                          "cluster.processes", "see the messages above"};
    if (core::seconds_now() > deadline)
      throw core::error{"a process of the run did not join within a minute",
                        "cluster.processes", "use fewer processes on this machine"};
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

void cluster::state::open_run_everywhere(const run_description& run) {
  std::vector<core::bulk_address> bulk(1);
  if (services.transport)
    bulk[0] = services.transport->address();
  for (const auto& arrival : arrived->all()) {
    names.push_back("process " + std::to_string(nodes.size()) + " (pid "
                    + std::to_string(arrival.process_id) + ")");
    ids.push_back(static_cast<pid_t>(arrival.process_id));
    nodes.push_back(arrival.node);
    bulk.push_back(arrival.bulk);
  }
  const auto here = context->platform();
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto opened = await<run_opened>(
      nodes[i], open_run{i, run.configuration, run.directory}, names[i], [] {});
    if (const auto differs = core::difference(here, opened.platform); !differs.empty())
      throw core::error{"its numeric platform differs (" + differs + ")", names[i],
                        "a cluster needs one platform: set math.isa"};
  }
  tell_all_nodes(meet_processes{bulk});
}

cluster::cluster(const cluster_options& options,
                 const run_description& run,
                 std::shared_ptr<run_context> own_context)
  : state_{std::make_unique<state>()} {
  auto& my = *state_;
  my.options = options;
  my.context = own_context;
  if (options.processes > 1)
    my.certificates = run.directory + "/.certificates";
  my.config = make_config(options, my.certificates);
  my.system = std::make_unique<caf::actor_system>(*my.config);
  my.services = start_services(*my.system, my.certificates);
  my.watcher = my.system->spawn(supervisor);
  const auto has_peers = options.processes > 1;
  my.nodes.push_back(my.system->spawn(
    node, my.services,
    [own_context](const std::string&, const std::string&) { return own_context; },
    has_peers, /*detached_trainers=*/true));
  my.names.push_back("this process");
  if (has_peers) {
    my.start_children();
    my.wait_for_children();
  }
  my.open_run_everywhere(run);
  my.watch_nodes();
}

cluster::~cluster() = default;

/// Also when a constructor broke half-way: everything is ended that was started.
cluster::state::~state() {
  if (watcher)
    caf::anon_send(watcher, forget_roles{});
  for (const auto& node : nodes)
    caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  for (const auto& handle :
       {caf::actor_cast<caf::actor>(watcher), caf::actor_cast<caf::actor>(entrance),
        caf::actor_cast<caf::actor>(services.bulk)})
    if (handle)
      caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  children.clear();
  nodes.clear();
  arrived.reset();
  std::error_code ignored; // the certificates expire anyway
  if (!certificates.empty())
    std::filesystem::remove_all(certificates, ignored);
}

training_outcome cluster::train(std::uint32_t model,
                                const training_progress& progress,
                                std::shared_ptr<training_tensors> tensors,
                                std::shared_ptr<training_observer> observer,
                                const std::atomic<bool>& interrupt) {
  auto& my = *state_;
  auto& system = *my.system;
  const auto training = make_training(*my.context, model, fresh_run_number());
  if (!tensors) {
    tensors = std::make_shared<training_tensors>();
    tensors->parameters.resize(training.layout.size());
    models::make_network(training.model, my.context->training_rows()->num_items)
      ->initialise(my.context->seed(), tensors->parameters);
  }
  my.tell_all_nodes(open_training{training.run, model});

  const auto blocks = core::runs_of_blocks(training.plan.blocks, my.options.trainers);
  const coordinator_options plan{training.run, my.context->training(), training.plan,
                                 training.layout.ranges(my.options.parameter_servers)};
  // The coordinator frees the tensors when every server has taken its part.
  const coordinator_actor chief =
    system.spawn<caf::detached>(coordinator, plan, observer, my.services.exchange,
                                my.services.bulk, progress, std::move(tensors));
  caf::anon_send(my.watcher, report_deaths_to{chief});
  const at_end close{[&] {
    my.stop_watching();
    // The coordinator calls the observer, so it must have ended before this returns.
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    caf::scoped_actor {
      *my.system
      } -> wait_for(chief);
    my.close_training_everywhere();
    my.watch_nodes();
  }};
  start_training start;
  std::vector<data_shard_actor> shards;
  for (std::uint32_t i = 0; i < my.options.data_shards; ++i)
    shards.push_back(my.start_role<data_shard_actor>(
      "data_shard", i, start_data_shard{i, my.options.data_shards}));
  for (std::uint32_t i = 0; i < my.options.parameter_servers; ++i)
    start.servers.push_back(my.start_role<parameter_server_actor>(
      "parameter_server", i,
      start_parameter_server{i, my.options.parameter_servers, as_message(blocks),
                             threads_of_server(my.options, i)}));
  for (std::uint32_t i = 0; i < my.options.trainers; ++i)
    start.trainers.push_back(my.start_role<trainer_actor>(
      "trainer", i,
      start_trainer{i, as_message(blocks), my.options.threads_per_trainer, shards,
                    start.servers, chief}));

  auto asked = false;
  const auto finished = my.await<training_finished>(chief, start, "training", [&] {
    if (interrupt && !std::exchange(asked, true))
      caf::anon_send(chief, interrupt_training{});
  });
  return finished.end == training_end::completed ? training_outcome::completed
                                                 : training_outcome::interrupted;
}

sim::market_totals cluster::simulate(const market_options& options,
                                     market_observer& observer,
                                     const std::atomic<bool>& interrupt) {
  auto& my = *state_;
  std::vector<user_cohort_actor> cohorts;
  for (std::uint32_t i = 0; i < options.num_cohorts; ++i)
    cohorts.push_back(my.start_role<user_cohort_actor>(
      "user_cohort", i, start_user_cohort{i, options.world, options.policy}));
  const auto totals = std::make_shared<sim::market_totals>();
  const market_actor place =
    my.system->spawn<caf::detached>(market, options, cohorts, &observer, totals);
  caf::anon_send(my.watcher, report_deaths_to{place});
  const at_end close{[&] {
    my.stop_watching();
    for (const auto& cohort : cohorts)
      caf::anon_send_exit(cohort, caf::exit_reason::user_shutdown);
    // The market writes to the observer, so it must have ended before this returns.
    caf::anon_send_exit(place, caf::exit_reason::user_shutdown);
    caf::scoped_actor self{*my.system};
    self->wait_for(place);
    my.watch_nodes();
  }};
  auto asked = false;
  my.await<market_finished>(place, run_market{}, "market of " + options.policy, [&] {
    if (interrupt && !std::exchange(asked, true))
      caf::anon_send(place, role_died{"the run", "it was interrupted"});
  });
  return *totals;
}

void serve_as_node(std::uint16_t port,
                   const std::string& certificates,
                   context_loader load) {
  system_config config{bulk::certificates_in(certificates)};
  caf::actor_system system{config};
  const auto entrance =
    caf::openssl::remote_actor<gate_actor>(system, "127.0.0.1", port);
  if (!entrance)
    throw core::error{"cannot join the run: " + describe(entrance.error()),
                      "127.0.0.1:" + std::to_string(port),
                      "nodes are started by souk run itself"};
  const auto services = start_services(system, certificates);
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
    if (down.source != agent.address())
      return;
    core::log::failure("this process's agent broke: " + describe(down.reason));
    std::_Exit(1);
  });
  std::_Exit(0);
}

} // namespace souk::actors
