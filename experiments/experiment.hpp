#pragma once

#include "actors/options.hpp"
#include "core/platform.hpp"
#include "data/options.hpp"
#include "models/model_options.hpp"
#include "sim/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

class document;

/// A model of the file with the name that results, files and policies know it by.
struct named_model {
  std::string name; ///< its kind, unless the file says otherwise
  models::model_options options;
};

/// A source of kind `simulated`: the log of a generated shop with a random policy, or
/// of a published model's users, if the simulation has one.
struct simulated_source {
  std::uint32_t items = 400; ///< of a shop; a published model has its own, as days
  std::uint32_t users = 1000;
  std::uint32_t days = 60;
};

/// The `data:` block.
struct data_options {
  data::source_options source;
  simulated_source simulated; ///< kind `simulated` only
  data::clean_options clean;
  data::pseudonym_options pseudonymise;
  data::split_options split;
};

/// The `evaluation:` block.
struct evaluation_options {
  std::vector<std::string> metrics = {"recall@20", "recall@50", "ndcg@100"};
  /// Cold start: how many events are known; nothing stands for all of them.
  std::vector<std::optional<std::uint32_t>> history;
  std::uint32_t min_fold_in = 10;
  std::uint32_t draws = 3;
};

/// An experiment, as its file describes it. Every block is one options struct.
struct experiment {
  std::string name;
  std::uint64_t seed = 0;
  std::optional<core::isa> isa;     ///< nothing: `core::widest_isa`
  std::optional<data_options> data; ///< nothing: a generated shop, and no models
  std::optional<named_model> model;
  std::vector<named_model> baselines;
  actors::training_options training;
  std::optional<evaluation_options> evaluation;
  std::optional<sim::simulation_options> simulation;
  actors::cluster_options cluster;
  bool html_report = true;

  /// The model, if there is one, then the baselines.
  std::vector<named_model> all_models() const;

  /// Whether models learn from the very items that the simulation, which there must be,
  /// recommends: those of a shop's dataset, or of a published model's users, which are
  /// the same in all worlds.
  bool models_know_items() const;

  /// Whether a policy is one of the models.
  bool is_recommender(const std::string& policy) const;
};

/// Turns a document into an experiment, strictly. Throws `core::error` (of the request)
/// that names file, line, column and key.
experiment read_experiment(document& file);

/// Warns of what the file asks for and will not be used, though it does no harm, and of
/// what is there and was not asked for.
void warn_of_unused(const experiment& options);

/// Makes this processor compute as the experiment wants. Throws `core::error` (of the
/// request) if it cannot.
void use_numerics(const experiment& options);

} // namespace souk::experiments
