#pragma once

#include "actors/ask.hpp"
#include "actors/cluster.hpp"
#include "actors/membership.hpp"
#include "actors/node.hpp"
#include "actors/process_services.hpp"
#include "actors/status_door.hpp"
#include "actors/system_config.hpp"

#include <caf/send.hpp>

#include <memory>
#include <string>
#include <vector>

namespace souk::actors {

/// What is read elsewhere must not speak of "this process".
std::string name_on_board(const member& who);

/// What a cluster consists of, in the process that leads the run.
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
  messages::node_actor own_node;
  messages::file_cabinet_actor cabinet;
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

  void note_processes() const;

  void watch_nodes();

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

  void stop_watching();

  template <class Request>
  void tell_all_nodes(const Request& request) {
    for (const auto& process : processes->present())
      await<messages::node_done>(process.node, request, process.name, [] {});
  }

  /// Ends the roles of a training in all processes that are left.
  void close_training_everywhere();

  void note_losses();

  /// Makes good that something broke because processes are gone: others take their
  /// part. Called where the error is caught; throws it on if it was anything else.
  void recover();

  bool is_by_item() const;

  std::vector<core::arena_part> parts_of(const open_training_state& training) const;
  std::vector<messages::data_shard_actor> start_shards();
  messages::start_training start_by_range(const messages::coordinator_actor& chief);
  messages::start_training start_by_item(const messages::coordinator_actor& chief);

  training_outcome train_once(const messages::open_training& training,
                              const training_options& plan,
                              training_start begin,
                              const std::shared_ptr<training_observer>& observer,
                              const std::atomic<bool>& interrupt);

  /// Returns nothing where the market has to begin again, because others take part now
  /// than when it began.
  std::optional<sim::market_totals> simulate_once(const market_options& options,
                                                  market_observer& observer,
                                                  const std::atomic<bool>& interrupt);
  core::user_rows histories_of(const std::vector<messages::user_cohort_actor>& cohorts,
                               std::uint32_t world);
  void change_policy(const market_options& options,
                     std::uint32_t version,
                     const std::vector<messages::user_cohort_actor>& cohorts);
  void watch_market(const std::vector<messages::user_cohort_actor>& cohorts,
                    const mourner_actor& place);
};

} // namespace souk::actors
