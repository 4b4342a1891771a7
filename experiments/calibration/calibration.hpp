#pragma once

#include "core/progress.hpp"
#include "eval/realism/visits.hpp"
#include "experiments/calibration/moments.hpp"
#include "sim/dataset_catalogue.hpp"
#include "sim/options.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

struct calibration_options {
  std::uint64_t seed = 1;
  /// Points that are tried per group of four parameters and round; fewer parameters try
  /// fewer.
  std::uint32_t evaluations = 40;
  std::uint32_t rounds = 2;
};

/// A statistic after the fit: the mean distance of three worlds, of seeds that the
/// search did not use, to what it was fitted to.
struct fitted_statistic {
  std::string name;
  double distance = 0;
};

struct calibration {
  sim::simulation_options options;
  identifications notes; ///< by key; a key that is not there kept its value
  std::vector<fitted_statistic> statistics;
  std::vector<std::string> missing; ///< statistics that the log lacks, with the reason
};

/// Fits the simulator to a log: moments first, then the groups of parameters in turn,
/// each by Nelder and Mead over worlds that are simulated here, against the distances
/// of the group's statistics. A function of its arguments.
///
/// `start` says what is kept where the log is silent. With `catalogue.from: dataset`
/// the worlds are over the log's own items and users. Throws `interrupted` when asked
/// to stop, `core::error` of the request for a log of fewer than 50 users.
calibration calibrate(const eval::realism::behaviour& log,
                      const sim::simulation_options& start,
                      const calibration_options& options,
                      core::progress& progress,
                      const std::atomic<bool>& stop);

/// Lives through a world of the options under a random policy and returns the kinds of
/// events that `like` has, the first day on the block's weekday. `source` is for worlds
/// over a log's items.
eval::realism::behaviour simulate_behaviour(const sim::simulation_options& options,
                                            std::uint64_t seed,
                                            const eval::realism::kind_counts& like,
                                            const sim::catalogue_source& source = {});

} // namespace souk::experiments
