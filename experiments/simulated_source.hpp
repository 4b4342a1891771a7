#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "experiments/experiment.hpp"
#include "experiments/run_context.hpp"

namespace souk::experiments {

/// Makes the dataset of a source of kind `simulated`: what the population of a
/// generated shop does when a random policy serves it, or what users of the published
/// model do whom the file simulates. A pure function of the file.
core::dataset simulate_source(const experiment& options, core::progress& progress);

/// Throws `error` of the request where models are to recommend to users of a published
/// model, who are offered all products, but have not seen all of them in such a
/// dataset.
void check_all_seen(const experiment& options, const prepared_data& data);

} // namespace souk::experiments
