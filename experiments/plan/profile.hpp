#pragma once

#include "experiments/experiment.hpp"
#include "experiments/metrics_file.hpp"
#include "experiments/plan/cost_model.hpp"
#include "experiments/run_context.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// What a real run says of its steps: means over its epochs, without the first where
/// there are more.
struct measured_run {
  std::string run; ///< its folder
  training_method method;
  std::uint32_t processes = 1;
  std::uint32_t trainers = 1;
  std::uint32_t servers = 1;
  std::uint32_t threads = 1;  ///< of a trainer
  std::uint64_t steps = 0;    ///< that the means are over
  double step_seconds = 0;    ///< without validation and checkpoints
  double compute_seconds = 0; ///< of all trainers, wall clock, a step
  double server_seconds = 0;  ///< of all servers: gradients and optimisers
  double bytes = 0;           ///< that came from one process to another, a step
  double wait_share = 0;      ///< of the trainers' time
};

/// The method of a file's training, with the staleness, period and fraction that it
/// names.
training_method method_of(const actors::training_options& training);

/// Reads what a finished training of the file's model measured. Throws `core::error`
/// (of the request) where a run did not train, or before roles kept accounts.
measured_run read_measured_run(const std::string& folder);

/// The same from the points of `metrics.jsonl`; `described` has what they do not say.
measured_run measured_from(measured_run described,
                           const std::string& model,
                           const std::vector<metric_point>& points);

/// The size of the training of an experiment's model.
training_size size_of(const experiment& options, const prepared_data& data);

/// Finds what things cost from runs under bsp without compression, by range and, where
/// there are such, by item: a run in one process and one in several, all of the same
/// training. Throws `core::error` (of the request) that says which run is missing.
measured_costs costs_of(const training_size& size,
                        const std::vector<measured_run>& runs);

} // namespace souk::experiments
