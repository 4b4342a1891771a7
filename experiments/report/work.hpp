#pragma once

#include "core/run_status.hpp"
#include "experiments/metrics_file.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// What a role did in one process over a model's whole training, as far as
/// `metrics.jsonl` has its epochs.
struct role_work {
  std::string model;
  core::role_status told; ///< with the most times slower that it was named with
};

/// Adds up what roles did, in the order in which they appear.
std::vector<role_work> work_of(const std::vector<metric_point>& points);

} // namespace souk::experiments
