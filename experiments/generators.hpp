#pragma once

#include "experiments/run_state.hpp"
#include "sim/factors.hpp"
#include "sim/options.hpp"

#include <string>
#include <vector>

/// Generators of kind `run`: models of finished runs, of whose beliefs a population is
/// made. A run keeps a copy of each, so that nothing outside it can change its results.
namespace souk::experiments {

/// The path of a generator's model inside a run.
std::string generator_entry(const sim::generator_options& generator);

/// The path of its model as the file names it: a run's folder, or a snapshot.
std::string model_of_run(const sim::generator_options& generator);

/// Throws `core::error` (of the request), naming the key, where the model of a
/// generator is missing or damaged.
void check_generators(const document& file, const experiment& options);

/// Copies the models of all generators into the run, whose data must be prepared.
/// Returns their entries, and puts their digest into the manifest. Throws `core::error`
/// (of the request) where one has no beliefs about this data.
std::vector<std::string> keep_generators(run_state& run);

/// Warns where a policy is a generator itself, to the bit: it would be judged by its
/// own belief.
void warn_of_generators_among_policies(const run_state& run);

/// Works out what a model believes of the tastes of all training users, over the items
/// of the data; those that it does not know are to nobody's taste. Throws `core::error`
/// (of the request) where it knows too few.
sim::taste_factors believed_tastes(const std::string& snapshot,
                                   const prepared_data& data,
                                   const sim::simulation_options& options);

} // namespace souk::experiments
