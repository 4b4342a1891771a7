#pragma once

#include "actors/options.hpp"
#include "actors/run_board.hpp"
#include "actors/run_context.hpp"
#include "actors/training_progress.hpp"
#include "core/interactions.hpp"
#include "core/session_record.hpp"
#include "sim/market_totals.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace souk::actors {

/// What a run is to the processes that take part in it.
struct run_description {
  std::string configuration; ///< the resolved experiment file
  std::string directory;     ///< the run's; all processes of this machine see it
  /// Where the first process writes down what is going on.
  std::shared_ptr<run_board> board = std::make_shared<run_board>();
};

/// How a training ended.
enum class training_outcome { completed, interrupted };

/// What a training may differ in from the file's.
struct training_variation {
  std::string further_rows; ///< a file of the run; empty: training users only
  std::optional<std::uint32_t> epochs;
};

/// Told by a market what happens in it, tick by tick, in the market's thread.
class market_observer {
public:
  virtual ~market_observer() = default;

  /// The records of a market in (time, user, step) order, a few at a time; policy and
  /// world are left to the observer.
  virtual void log(core::span<core::session_record> records) = 0;

  /// Simulated time that has passed.
  virtual void passed(core::time_ms time) = 0;

  /// The market rests where its policy is due to learn, for the `version`-th time:
  /// trains it on what the market's own users did so far, so that all processes find
  /// that version. Called in the thread of `cluster::simulate`, and may use the
  /// cluster; called again for the same versions where the market has to begin again.
  virtual void learn(std::uint32_t version, const core::user_rows& histories) = 0;
};

/// One market: a replicate world under one policy.
struct market_options {
  std::string policy;
  std::uint32_t world = 0;
  std::uint32_t num_cohorts = 1;
  core::time_ms end = 0;
  core::time_ms tick = core::minute_ms;
  /// After which its policy learns, again and again; 0: never. A multiple of `tick`.
  core::time_ms retrain_every = 0;
};

/// Throws `core::error` of the request if this machine could not lead such a cluster
/// with its credentials: before anything is written.
void check_leader(const node_cluster& nodes);

/// The actors of one run: in this process, in children that it starts, or in the nodes
/// of a cluster.
///
/// `processes: N` starts N - 1 children (`souk node`), which connect to this one over
/// mutual TLS on the loopback interface with certificates made for the run. Nodes are
/// started by others, join over the network and get the run's files from here. Roles
/// are spread over the processes in turn; results do not depend on it.
///
/// A process that dies, or is silent for longer than the heartbeat's timeout, is
/// dropped and its roles go to the processes that are left: training goes on from the
/// last checkpoint, a market is played again up to where it was, and both end as if
/// nothing had happened. Another one in its place is let in between two leases.
class cluster {
public:
  /// Starts the processes, or waits for nodes, and opens the run in each: here with
  /// `own_context`, elsewhere with what they load. `while_waiting` is called all the
  /// time and may throw. Throws `core::error` when one does not come up, or differs in
  /// its numeric platform.
  cluster(
    const cluster_options& options,
    const run_description& run,
    std::shared_ptr<run_context> own_context,
    const std::function<void()>& while_waiting = [] {});
  ~cluster();

  /// Trains one of the file's learned models from where the observer says. An interrupt
  /// ends it after the present lease with a checkpoint. Throws `core::error` when
  /// something broke that no other process can make good, or when processes are lost
  /// again and again.
  training_outcome train(std::uint32_t model,
                         const std::shared_ptr<training_observer>& observer,
                         const std::atomic<bool>& interrupt,
                         const training_variation& variation = {});

  /// Lets a market run from time 0 to its end and returns its sums; where it rests, all
  /// its cohorts change to what the observer has trained. Throws
  /// `core::error` on an interrupt, and as above.
  sim::market_totals simulate(const market_options& options,
                              market_observer& observer,
                              const std::atomic<bool>& interrupt);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace souk::actors
