#pragma once

#include "core/recommender.hpp"
#include "data/recorded_log.hpp"
#include "experiments/experiment.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// A trained model of a run, and what the run says about it.
struct replayed_model {
  std::string run;  ///< the run's folder
  std::string name; ///< in the run's rows
  experiment options;
  std::shared_ptr<const core::recommender> recommender;
  bool uses_attributes = false;   ///< whether it ranks by what users are
  std::vector<std::string> items; ///< original ids, by column
  /// The run's training users; its rows live as long as this.
  data::trained_rows trained;
  std::shared_ptr<const core::interactions> training;
};

/// Reads `RUN` (the model of its file) or `RUN:NAME` (a baseline). Throws `core::error`
/// (of the request) if there is no such run, it has no trained model, or none of that
/// name; `core::error` if a file is damaged.
replayed_model read_replayed_model(const std::string& words);

} // namespace souk::experiments
