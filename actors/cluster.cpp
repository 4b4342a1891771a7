#include "actors/cluster.hpp"

#include "actors/ask.hpp"
#include "actors/bulk/certificates.hpp"
#include "actors/coordinator.hpp"
#include "actors/division_of_work.hpp"
#include "actors/file_cabinet.hpp"
#include "actors/market.hpp"
#include "actors/membership.hpp"
#include "actors/node.hpp"
#include "actors/process_services.hpp"
#include "actors/repeatable_log.hpp"
#include "actors/start_by_item.hpp"
#include "actors/status_door.hpp"
#include "actors/system_config.hpp"
#include "core/at_end.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <caf/send.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace souk::actors {

using namespace messages;

namespace {

/// How often in a row a training or a market may lose processes without a step ahead.
constexpr std::uint32_t vain_attempts_max = 5;

/// How long a process may take to end the roles of a training.
constexpr auto close_timeout = std::chrono::seconds{10};

/// Credentials for the processes of this machine are made for the run; those of a
/// cluster are made once, by hand.
std::unique_ptr<system_config> make_config(const cluster_options& options,
                                           const std::string& own_certificates) {
  if (options.nodes)
    return std::make_unique<system_config>(
      bulk::credentials_of_cluster(options.nodes->certificates, bulk::role::coordinator,
                                   options.nodes->listen.host));
  if (options.processes == 1)
    return std::make_unique<system_config>();
  bulk::make_run_credentials(own_certificates);
  return std::make_unique<system_config>(
    bulk::credentials_of_run(own_certificates, bulk::role::coordinator));
}

/// A number that tickets of different trainings do not share.
std::uint64_t fresh_run_number() {
  const auto nanoseconds = static_cast<std::uint64_t>(core::seconds_now() * 1e9);
  return nanoseconds << 16 ^ static_cast<std::uint64_t>(getpid());
}

/// A process's servers work while its trainers wait, so they share the same threads.
std::uint32_t threads_of_server(const cluster_options& options,
                                std::uint32_t processes,
                                std::uint32_t server) {
  const auto process = server % processes;
  const auto here = [&](std::uint32_t roles) {
    return roles / processes + (process < roles % processes ? 1 : 0);
  };
  const auto threads = here(options.trainers) * options.threads_per_trainer;
  return std::max(1U, threads / here(options.parameter_servers));
}

/// What is read elsewhere must not speak of "this process".
std::string name_on_board(const member& who) {
  return who.number == 0 ? "process 0 (pid " + std::to_string(who.id) + ")" : who.name;
}

} // namespace

void check_leader(const node_cluster& nodes) {
  check_cluster_credentials(nodes.certificates, bulk::role::coordinator,
                            nodes.listen.host);
}

struct cluster::state {
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state();

  cluster_options options;
  std::shared_ptr<run_context> context;
  std::shared_ptr<run_board> board;
  std::string own_certificates; ///< folder, empty without children
  std::unique_ptr<system_config> config;
  std::unique_ptr<caf::actor_system> system;
  std::unique_ptr<status_doors> doors; ///< null without a run's folder
  process_services services;
  node_actor own_node;
  file_cabinet_actor cabinet;
  std::shared_ptr<departures> gone = std::make_shared<departures>();
  supervisor_actor watcher;
  std::unique_ptr<membership> processes;
  std::vector<std::string> losses; ///< found when something broke, not yet mended

  /// Starts a role in the process whose turn it is and has it watched.
  template <class Handle, class Request>
  Handle start_role(const std::string& role, std::size_t index, Request request) {
    return start_role<Handle>(role, index, std::move(request), index);
  }

  /// The same in the process whose turn is at `place`.
  template <class Handle, class Request>
  Handle start_role(const std::string& role,
                    std::size_t index,
                    Request request,
                    std::size_t place) {
    const auto& where = processes->in_turn(place);
    const auto numbered = role + " " + std::to_string(index);
    const auto name = numbered + " in " + where.name;
    auto handle = await<Handle>(where.node, std::move(request), name, [] {});
    board->started(numbered, name_on_board(where));
    watch(name, handle);
    return handle;
  }

  template <class Handle>
  void watch(const std::string& name, const Handle& handle) {
    caf::anon_send(watcher,
                   watch_role{name, caf::actor_cast<caf::strong_actor_ptr>(handle)});
  }

  void note_processes() const {
    std::vector<std::string> names;
    for (const auto& process : processes->present())
      names.push_back(name_on_board(process));
    board->processes(std::move(names), processes->generation());
  }

  void watch_nodes() {
    for (const auto& process : processes->present())
      if (process.number > 0)
        watch(process.name, process.node);
  }

  /// Waits for a long answer. Throws what it failed with, or as soon as a process of
  /// the run is gone.
  template <class Reply, class Handle, class Request, class Meanwhile>
  Reply await(const Handle& actor,
              Request request,
              const std::string& whom,
              Meanwhile meanwhile) {
    return ask_patiently<Reply>(*system, actor, request, whom, [&] {
      processes->check();
      meanwhile();
    });
  }

  void stop_watching() {
    caf::anon_send(watcher, report_deaths_to{});
    caf::anon_send(watcher, forget_roles{});
    watch_nodes();
  }

  template <class Request>
  void tell_all_nodes(const Request& request) {
    for (const auto& process : processes->present())
      await<node_done>(process.node, request, process.name, [] {});
  }

  /// Ends the roles of a training in all processes that are left.
  void close_training_everywhere();

  void note_losses() {
    const auto found = processes->drop_lost();
    losses.insert(losses.end(), found.begin(), found.end());
  }

  /// Makes good that something broke because processes are gone: others take their
  /// part. Called where the error is caught; throws it on if it was anything else.
  void recover();

  bool is_by_item() const {
    return context->training().placement.kind == placement_kind::by_item;
  }

  std::vector<core::arena_part> parts_of(const open_training_state& training) const;
  std::vector<data_shard_actor> start_shards();
  start_training start_by_range(const coordinator_actor& chief);
  start_training start_by_item(const coordinator_actor& chief);

  training_outcome train_once(const open_training& training,
                              training_start begin,
                              const std::shared_ptr<training_observer>& observer,
                              const std::atomic<bool>& interrupt);
  sim::market_totals simulate_once(const market_options& options,
                                   market_observer& observer,
                                   const std::atomic<bool>& interrupt);
};

void cluster::state::close_training_everywhere() {
  std::vector<std::future<node_done>> answers;
  for (const auto& process : processes->present())
    answers.push_back(
      ask_later<node_done>(*system, process.node, close_training{}, process.name));
  for (auto& answer : answers)
    answer.wait_for(close_timeout);
}

void cluster::state::recover() {
  if (losses.empty())
    throw;
  std::string names;
  for (const auto& loss : std::exchange(losses, {}))
    names += (names.empty() ? "" : ", ") + loss;
  core::log::warning(names + "; going on with "
                     + std::to_string(processes->present().size())
                     + " of the run's processes");
}

cluster::cluster(const cluster_options& options,
                 const run_description& run,
                 std::shared_ptr<run_context> own_context,
                 const std::function<void()>& while_waiting)
  : state_{std::make_unique<state>()} {
  auto& my = *state_;
  my.options = options;
  my.context = own_context;
  my.board = run.board;
  const auto has_peers = options.nodes || options.processes > 1;
  if (has_peers && !options.nodes)
    my.own_certificates = run.directory + "/.certificates";
  my.config = make_config(options, my.own_certificates);
  my.system = std::make_unique<caf::actor_system>(*my.config);
  my.services = start_services(*my.system, my.config->credentials(),
                               options.nodes ? options.nodes->tensors_port() : 0);
  my.watcher = my.system->spawn(supervisor, my.gone);
  my.cabinet = my.system->spawn(file_cabinet, run.directory, my.services.exchange);
  my.own_node = my.system->spawn(
    node, my.services, [own_context](const auto&, const auto&) { return own_context; },
    node_options{});
  ask<run_opened>(*my.system, my.own_node,
                  open_run{0, run.configuration, run.directory, {}, {}},
                  "this process");
  my.processes = std::make_unique<membership>(
    *my.system,
    membership_options{options.processes, options.nodes, run, my.own_certificates,
                       own_context->platform(), my.cabinet, options.shared_memory},
    member{0, getpid(), "this process", my.own_node,
           has_peers ? my.services.transport->address() : core::bulk_address{}},
    my.gone);
  my.processes->gather(while_waiting);
  my.watch_nodes();
  if (!run.directory.empty())
    my.doors = std::make_unique<status_doors>(my.board, run.directory,
                                              my.own_certificates, options.nodes);
}

cluster::~cluster() = default;

/// Also when a constructor broke half-way: everything is ended that was started.
cluster::state::~state() {
  if (watcher)
    caf::anon_send(watcher, forget_roles{});
  processes.reset();
  doors.reset();
  for (const auto& handle :
       {caf::actor_cast<caf::actor>(own_node), caf::actor_cast<caf::actor>(watcher),
        caf::actor_cast<caf::actor>(cabinet),
        caf::actor_cast<caf::actor>(services.bulk)})
    if (handle)
      caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  std::error_code ignored; // the certificates expire anyway
  if (!own_certificates.empty())
    std::filesystem::remove_all(own_certificates, ignored);
}

training_outcome cluster::train(std::uint32_t model,
                                const std::shared_ptr<training_observer>& observer,
                                const std::atomic<bool>& interrupt) {
  auto& my = *state_;
  open_training training{fresh_run_number(), model, 0};
  my.board->begin_training();
  std::optional<std::uint64_t> last_start;
  for (std::uint32_t vain = 0;;) {
    auto begin = observer->start();
    vain = last_start == begin.progress.step ? vain + 1 : 0;
    last_start = begin.progress.step;
    training.generation = my.processes->generation();
    my.note_processes();
    try {
      const auto end = my.train_once(training, std::move(begin), observer, interrupt);
      if (end == training_outcome::completed || interrupt)
        return end;
      my.processes->admit(); // that is what it paused for
      my.watch_nodes();
    } catch (const core::error&) {
      my.recover();
      if (vain == vain_attempts_max)
        throw;
    }
  }
}

/// A part of the arena for each server, as the file places parameters.
std::vector<core::arena_part>
cluster::state::parts_of(const open_training_state& training) const {
  if (is_by_item())
    return parts_by_item(training.model, context->training_rows()->num_items,
                         context->training().placement.ranges,
                         options.parameter_servers);
  return core::single_parts(training.layout.ranges(options.parameter_servers));
}

std::vector<data_shard_actor> cluster::state::start_shards() {
  std::vector<data_shard_actor> shards;
  for (std::uint32_t i = 0; i < options.data_shards; ++i)
    shards.push_back(start_role<data_shard_actor>(
      "data_shard", i, start_data_shard{i, options.data_shards}));
  return shards;
}

start_training cluster::state::start_by_range(const coordinator_actor& chief) {
  start_training start;
  const auto trainers =
    division_of_work{context->training(), options.trainers}.num_trainers();
  for (std::uint32_t i = 0; i < options.parameter_servers; ++i)
    start.servers.push_back(start_role<parameter_server_actor>(
      "parameter_server", i,
      start_parameter_server{
        i, options.parameter_servers, options.trainers,
        threads_of_server(
          options, static_cast<std::uint32_t>(processes->present().size()), i)}));
  const auto& shards = start.shards = start_shards();
  for (std::uint32_t i = 0; i < trainers; ++i)
    start.trainers.push_back(start_role<trainer_actor>(
      "trainer", i,
      start_trainer{i, options.trainers, options.threads_per_trainer, shards,
                    start.servers, chief}));
  return start;
}

/// One trainer, beside the server of what it computes; owners of items in the other
/// processes first. They have the threads of all trainers that the file asks for.
start_training cluster::state::start_by_item(const coordinator_actor& chief) {
  start_training start;
  const auto threads = options.trainers * options.threads_per_trainer;
  const auto owners = options.parameter_servers;
  start_item_trainer work{threads, {}, {}, {}, chief};
  for (std::uint32_t i = 0; i < owners; ++i)
    work.owners.push_back(start_role<item_server_actor>(
      "item_server", i, start_item_server{i, owners, std::max(1U, threads / owners)},
      /*place=*/i + 1));
  work.middle = start_role<parameter_server_actor>(
    "middle_server", 0, start_middle_server{owners, threads});
  work.shards = start.shards = start_shards();
  start.servers.assign(work.owners.begin(), work.owners.end());
  start.servers.push_back(work.middle);
  start.trainers.push_back(start_role<trainer_actor>("item_trainer", 0, work));
  for (std::uint32_t i = 0; i < owners; ++i)
    start.server_names.push_back("item_server " + std::to_string(i));
  start.server_names.emplace_back("middle_server 0");
  start.trainer_names.emplace_back("item_trainer 0");
  return start;
}

training_outcome
cluster::state::train_once(const open_training& training,
                           training_start begin,
                           const std::shared_ptr<training_observer>& observer,
                           const std::atomic<bool>& interrupt) {
  const auto shape = make_training(*context, training);
  if (!begin.tensors) {
    begin.tensors = std::make_shared<training_tensors>();
    begin.tensors->parameters.resize(shape.layout.size());
    models::make_network(shape.model, context->training_rows()->num_items)
      ->initialise(context->seed(), begin.tensors->parameters);
  }
  const coordinator_options plan{training.run, training.generation, context->training(),
                                 shape.plan,   parts_of(shape),     begin.orders,
                                 board};
  // The coordinator frees the tensors when every server has taken its part.
  const coordinator_actor chief = system->spawn<caf::detached>(
    coordinator, plan, observer, services.exchange, services.bulk, begin.progress,
    std::move(begin.tensors));
  const core::at_end close{[&] {
    stop_watching();
    // The coordinator calls the observer, so it must have ended before this returns.
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    caf::scoped_actor {
      *system
      } -> wait_for(chief);
    note_losses();
    close_training_everywhere();
  }};
  caf::anon_send(watcher, report_deaths_to{chief});
  board->started("coordinator", name_on_board(processes->present().front()));
  tell_all_nodes(training);
  const auto start = is_by_item() ? start_by_item(chief) : start_by_range(chief);

  auto asked = false;
  const auto finished = await<training_finished>(chief, start, "training", [&] {
    // Whoever waits is let in between two leases, with a checkpoint.
    if ((processes->somebody_waits() || interrupt) && !std::exchange(asked, true))
      caf::anon_send(chief, interrupt_training{});
  });
  return finished.end == training_end::completed ? training_outcome::completed
                                                 : training_outcome::interrupted;
}

sim::market_totals cluster::simulate(const market_options& options,
                                     market_observer& observer,
                                     const std::atomic<bool>& interrupt) {
  auto& my = *state_;
  repeatable_log log{observer};
  for (std::uint32_t vain = 0;; ++vain)
    try {
      if (my.processes->somebody_waits())
        my.processes->admit();
      my.watch_nodes();
      my.note_processes();
      log.begin();
      return my.simulate_once(options, log, interrupt);
    } catch (const core::error&) {
      my.recover();
      if (vain == vain_attempts_max)
        throw;
    }
}

sim::market_totals cluster::state::simulate_once(const market_options& market_plan,
                                                 market_observer& observer,
                                                 const std::atomic<bool>& interrupt) {
  std::vector<user_cohort_actor> cohorts;
  market_actor place;
  const core::at_end close{[&] {
    stop_watching();
    for (const auto& cohort : cohorts)
      caf::anon_send_exit(cohort, caf::exit_reason::user_shutdown);
    // The market writes to the observer, so it must have ended before this returns.
    if (place) {
      caf::anon_send_exit(place, caf::exit_reason::user_shutdown);
      caf::scoped_actor {
        *system
        } -> wait_for(place);
    }
    note_losses();
  }};
  for (std::uint32_t i = 0; i < market_plan.num_cohorts; ++i)
    cohorts.push_back(start_role<user_cohort_actor>(
      "user_cohort", i, start_user_cohort{i, market_plan.world, market_plan.policy}));
  const auto totals = std::make_shared<sim::market_totals>();
  place = system->spawn<caf::detached>(market, market_plan, cohorts, &observer, totals);
  caf::anon_send(watcher, report_deaths_to{place});
  auto asked = false;
  await<market_finished>(place, run_market{}, "market of " + market_plan.policy, [&] {
    if (interrupt && !std::exchange(asked, true))
      caf::anon_send(place, role_died{"the run", "it was interrupted"});
  });
  return *totals;
}

} // namespace souk::actors
