#pragma once

#include "experiments/command_line.hpp"

#include <atomic>
#include <string>

/// What the verbs of the command line do. Data goes to stdout, messages to stderr. All
/// throw `core::error`; `interrupted` where the user stopped what can be resumed.
namespace souk::experiments {

/// Set by Ctrl-C.
extern std::atomic<bool> interrupt_requested;

/// Goes through the stages of an experiment's file up to the verb's: import, train,
/// evaluate, simulate, run. Returns the run's folder.
std::string run_experiment(const command& request);

/// Predicts what a step of a file's training costs on clusters of many nodes, from
/// short runs that it makes or from the profiles given, and prints it.
void plan_cluster(const command& request);

/// Validates a file and prints it resolved.
void check_experiment(const command& request);

/// Writes a run's page again.
void write_report_again(const command& request);

/// Says what an HDF5 file of souk holds.
void inspect_file(const command& request);

/// Prints what a running run is doing.
void print_status(const command& request);

/// Prints the results of runs side by side.
void compare_runs(const command& request);

/// Makes a development authority and the certificates of a cluster's hosts, or, without
/// a coordinator, adds nodes to an authority.
void make_certificates(const command& request);

/// Does a run again from its own file and compares the digests; false if any differs.
bool reproduce_run(const command& request);

/// Walks a recorded log through a trained model and says how well it predicts what
/// comes next; `interrupted` after writing down what was measured so far.
void replay_log(const command& request);

/// Says how far a log is from another, statistic by statistic, and prints it.
void score_log(const command& request);

/// Fits the simulator to the early part of a log and writes a `simulation:` block.
void calibrate_to_log(const command& request);
/// Serves the market of an experiment's file to learners outside until Ctrl-C. Prints
/// where, a line, once it can be reached.
void serve_environments(const command& request);

/// Keeps processes for other people's runs, or is one of them.
void serve_runs(const node_request& request);

} // namespace souk::experiments
