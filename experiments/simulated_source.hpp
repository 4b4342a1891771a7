#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "experiments/experiment.hpp"

namespace souk::experiments {

/// Makes the dataset of a source of kind `simulated`: what the population of a
/// generated shop does when a random policy serves it. A pure function of the file.
core::dataset simulate_source(const experiment& options, core::progress& progress);

} // namespace souk::experiments
