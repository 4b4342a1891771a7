#pragma once

#include "experiments/metrics_file.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace souk::experiments {

/// One quantity of one model's training, step by step.
struct curve {
  std::string model;
  std::string name; ///< "loss", "ndcg@100"
  std::vector<metric_point> points;
  std::size_t mean_of = 1; ///< values behind each point
};

/// Sorts points into curves, in the order of their first points; what roles did is left
/// out. A curve of more than
/// `points_max` points is thinned: each of the remaining ones is the mean of equally
/// many neighbours (fewer for the last), at the step of the last of them.
std::vector<curve> curves_of(const std::vector<metric_point>& points,
                             std::size_t points_max);

} // namespace souk::experiments
