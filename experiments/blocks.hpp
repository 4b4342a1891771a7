#pragma once

#include "experiments/config/section.hpp"
#include "experiments/experiment.hpp"

/// One function per block of an experiment's file: it declares the block's keys with
/// their defaults and limits, and reads them into the block's options struct.
namespace souk::experiments {

void read_data(section data, data_options& options);

/// Reads one model: the `model:` block or an entry of `baselines:`.
named_model read_model(section model);

void read_training(section training, actors::training_options& options);
void read_evaluation(section evaluation, evaluation_options& options);
sim::simulation_options read_simulation(section simulation);
void read_cluster(section cluster, actors::cluster_options& options);

} // namespace souk::experiments
