#pragma once

#include "core/network_address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

/// What souk can be asked to do. The verbs in the first line take an experiment's file
/// and go up to that stage; `run` goes to the end.
enum class verb {
  import,
  train,
  evaluate,
  simulate,
  run,
  replay,       ///< walk a recorded log through a trained model
  environment,  ///< serve the market to learners outside
  plan,         ///< predict what a step costs on many nodes
  check,        ///< validate a file and print it resolved
  report,       ///< write a run's page again
  inspect,      ///< say what an HDF5 file holds
  compare,      ///< put the results of runs side by side
  reproduce,    ///< do a run again and compare its digests
  status,       ///< say what a running run is doing
  certificates, ///< make certificates for a cluster
  node,         ///< take part in somebody else's run
  realism,      ///< score one log against another
  calibrate,    ///< fit the simulator to a log
  say,          ///< print `text`: --help, --version
};

/// What `souk node` is to do.
struct node_request {
  core::network_address listen{"127.0.0.1", 0}; ///< where its tensors are served
  core::network_address join;                   ///< where the run is
  std::uint32_t slots = 1;                      ///< processes that take part in it
  std::string certificates;                     ///< folder of its credentials
  std::string folder;                           ///< keeps files of runs
  /// What this process is: empty for the node that people start, `slot` for one of its
  /// processes, `child` for one that a run has started.
  std::string as;
};

/// What `souk plan` is asked; numbers with units as they were written.
struct plan_words {
  std::string nodes, bandwidth, latency;
  std::vector<std::string> profiles; ///< runs; none: it makes them
  std::uint32_t machines = 0;        ///< that the nodes share; 0: each has its own
  std::uint32_t cores = 0;           ///< of a machine; 0: a trainer's threads
};

/// What `souk replay` is asked besides the log.
struct replay_words {
  std::string model;                          ///< RUN or RUN:NAME
  std::string history = "all";                ///< all | session
  std::string repeats = "skip";               ///< skip | judge
  std::string judge = "unseen";               ///< unseen | all
  std::optional<double> speed;                ///< nothing: as fast as possible
  std::uint32_t shards = 0;                   ///< 0: one per processor
  std::uint32_t batch = 96;                   ///< events per shard predicted together
  std::vector<std::uint32_t> cutoffs{10, 20}; ///< of the metrics
  std::string json;                           ///< a file for the rows, or none
};

/// What `souk realism` is asked.
struct realism_words {
  std::string against;
  double early = 1;   ///< share of the first log's time that is compared
  double later = 0.5; ///< share of the second log's
  std::string policy; ///< of runs; empty: the first
  std::string json;   ///< a file for the scores, or none
  std::uint64_t seed = 1;
};

/// What `souk calibrate` is asked.
struct calibrate_words {
  std::string from;   ///< a `simulation:` block; empty: the defaults
  double early = 0.5; ///< share of the log's time that is fitted to
  std::uint64_t seed = 1;
  std::uint32_t evaluations = 40; ///< points tried for four parameters, twice
};

/// What `souk environment` is asked besides the file.
struct environment_words {
  std::optional<std::string> socket; ///< a path; nothing: one of its own
  std::optional<std::uint16_t> port; ///< TCP on the loopback interface instead; 0: any
  std::uint32_t users = 0;           ///< 0: as many as the file says
  std::uint32_t world = 0;           ///< that the first reset without a seed plays
  std::string reward = "clicks";
  std::string tick; ///< empty: the whole run
  std::uint32_t clients = 8;
  bool reveal_truth = false;
};

/// A command line, understood.
struct command {
  verb what = verb::say;
  std::vector<std::string> files; ///< the experiment's file, the runs, the HDF5 file,
                                  ///< or where a run is asked
  std::vector<std::string> overrides; ///< "a.b=c", in order
  std::string out;                    ///< empty: a folder of its own under runs/
  bool resume = false;
  std::string repeats;       ///< reproduce: the run whose order of gradients is kept to
  bool json = false;         ///< data on stdout for programs
  bool quiet = false;        ///< nothing on stderr below a failure
  std::string cluster;       ///< the file of a cluster of nodes; empty: this machine
  plan_words plan;           ///< plan: for which cluster
  replay_words replay;       ///< replay: what, how and how fast
  realism_words realism;     ///< realism: against what
  calibrate_words calibrate; ///< calibrate: how
  environment_words environment;  ///< environment: what, how and where
  node_request node;              ///< node: where and for whom
  std::string certificates;       ///< status: the folder of credentials
  std::string coordinator;        ///< certificates: its addresses, with commas between
  std::vector<std::string> nodes; ///< certificates: "NAME=ADDRESS[,ADDRESS]"
  std::uint32_t days = 0;         ///< certificates: how long they are valid
  std::string text;               ///< say: for stdout
};

/// Understands a command line. Throws `core::error` (of the request, so exit code 2)
/// that names what is wrong and the nearest verb or flag.
command parse_command_line(int argc, const char* const* argv);

} // namespace souk::experiments
