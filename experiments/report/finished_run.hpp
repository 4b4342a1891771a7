#pragma once

#include "core/result_row.hpp"
#include "experiments/manifest.hpp"
#include "experiments/metrics_file.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// All that a report tells of.
struct finished_run {
  manifest record;
  std::vector<core::result_row> rows;
  std::vector<metric_point> points; ///< training curves
  std::string plan{};               ///< what `souk plan` kept, as JSON; or empty
  std::string configuration;        ///< the resolved file; empty where there is none
};

} // namespace souk::experiments
