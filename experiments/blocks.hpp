#pragma once

#include "experiments/config/section.hpp"
#include "experiments/experiment.hpp"

/// One function per block of an experiment's file: it declares the block's keys with
/// their defaults and limits, and reads them into the block's options struct.
namespace souk::experiments {

void read_data(section data, data_options& options);

/// Reads one model: the `model:` block or an entry of `baselines:`.
named_model read_model(section model);

/// Whether results mean something else by a name: everybody, real people, or a
/// yardstick that policies are held against.
bool is_reserved_name(const std::string& name);

void read_training(section training, actors::training_options& options);

/// Reads `training.consistency:`.
void read_consistency(section consistency, actors::consistency_options& options);

/// The word that a file has for it.
std::string word_for(actors::consistency_kind kind);

/// Refuses what has no meaning under a consistency. Throws `core::error` (of the
/// request).
void check_consistency(const section& training,
                       const actors::training_options& options);

/// Refuses more trainers than can have work. Throws `core::error` (of the request).
void check_trainers(const section& cluster, const experiment& read);

/// How many trainers the training can use, and how many the cluster starts.
std::string trainers_in_words(const experiment& read);

void read_evaluation(section evaluation, evaluation_options& options);
sim::simulation_options read_simulation(section simulation);

/// Reads `simulation.population:`; only a dataset has real people behind its shoppers.
void read_population(section population,
                     bool has_dataset,
                     sim::population_options& options);

/// Reads `simulation.policies:`. Ticks and the design must have been read.
void read_policies(section& simulation, sim::simulation_options& options);

void read_cluster(section cluster, actors::cluster_options& options);

} // namespace souk::experiments
