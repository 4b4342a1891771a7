#pragma once

#include "experiments/plan/cost_model.hpp"
#include "experiments/plan/profile.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// Up to so many processes predictions were compared with real runs (docs/plan.md);
/// beyond them they extrapolate.
constexpr std::uint32_t nodes_checked_max = 4;

/// What a plan is asked for besides the training.
struct plan_request {
  std::vector<std::uint32_t> nodes; ///< ascending
  double bytes_per_second = 0;
  double latency = 0;         ///< seconds, one way
  std::uint32_t machines = 0; ///< that nodes share; 0: each has its own
  double cores = 0;           ///< of a machine; 0: a node's threads
  std::uint32_t threads = 1;  ///< of each trainer
};

/// A method on some nodes.
struct planned_step {
  std::string method;
  std::uint32_t nodes = 1;
  predicted_step step;
};

struct plan {
  std::string model;
  plan_request request;
  training_size size;
  measured_costs costs;
  std::vector<measured_run> measured;
  std::vector<planned_step> steps; ///< by method, by nodes
};

/// The methods that a file's training is compared over: its own staleness, period and
/// fraction where it has them. by_item only where it was measured.
std::vector<training_method> methods_for(const actors::training_options& training,
                                         bool knows_by_item);

/// Predicts every method on every number of nodes.
plan make_plan(const experiment& options,
               const training_size& size,
               const std::vector<measured_run>& measured,
               const plan_request& request);

/// Returns the tables that people read: what was measured, then step time, share of
/// waiting and bytes by nodes and method.
std::string text_of(const plan& made);

/// Returns the plan as JSON: see docs/plan.md.
std::string to_json(const plan& made);

} // namespace souk::experiments
