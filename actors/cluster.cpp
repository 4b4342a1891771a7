#include "actors/cluster.hpp"

#include "actors/bulk/certificates.hpp"
#include "actors/cluster_state.hpp"
#include "actors/file_cabinet.hpp"
#include "actors/node.hpp"
#include "actors/repeatable_log.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <unistd.h>

#include <filesystem>
#include <optional>

namespace souk::actors {

using namespace messages;

namespace {

/// How often in a row a training or a market may lose processes without a step ahead.
constexpr std::uint32_t vain_attempts_max = 5;

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

} // namespace

std::string name_on_board(const member& who) {
  return who.number == 0 ? "process 0 (pid " + std::to_string(who.id) + ")" : who.name;
}

void check_leader(const node_cluster& nodes) {
  check_cluster_credentials(nodes.certificates, bulk::role::coordinator,
                            nodes.listen.host);
}

void cluster::state::note_processes() const {
  std::vector<std::string> names;
  for (const auto& process : processes->present())
    names.push_back(name_on_board(process));
  board->processes(std::move(names), processes->generation());
}

void cluster::state::watch_nodes() {
  for (const auto& process : processes->present())
    if (process.number > 0)
      watch(process.name, process.node);
}

void cluster::state::stop_watching() {
  caf::anon_send(watcher, report_deaths_to{});
  caf::anon_send(watcher, forget_roles{});
  watch_nodes();
}

void cluster::state::note_losses() {
  const auto found = processes->drop_lost();
  losses.insert(losses.end(), found.begin(), found.end());
}

bool cluster::state::is_by_item() const {
  return context->training().placement.kind == placement_kind::by_item;
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
                                const std::atomic<bool>& interrupt,
                                const training_variation& variation) {
  auto& my = *state_;
  open_training training{fresh_run_number(), model, 0, variation.further_rows};
  auto plan = my.context->training();
  plan.epochs = variation.epochs.value_or(plan.epochs);
  my.board->begin_training();
  std::optional<std::uint64_t> last_start;
  for (std::uint32_t vain = 0;;) {
    auto begin = observer->start();
    vain = last_start == begin.progress.step ? vain + 1 : 0;
    last_start = begin.progress.step;
    training.generation = my.processes->generation();
    my.note_processes();
    try {
      const auto end =
        my.train_once(training, plan, std::move(begin), observer, interrupt);
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
      if (const auto totals = my.simulate_once(options, log, interrupt))
        return *totals;
      if (!my.losses.empty())
        my.recover(); // says who is gone
    } catch (const core::error&) {
      my.recover();
      if (vain == vain_attempts_max)
        throw;
    }
}

} // namespace souk::actors
