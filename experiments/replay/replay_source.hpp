#pragma once

#include "core/attributes.hpp"
#include "core/progress.hpp"
#include "data/recorded_log.hpp"
#include "experiments/replay/replayed_model.hpp"

#include <memory>
#include <string>

namespace souk::experiments {

/// A log, read.
struct replay_source {
  std::string name; ///< for folders and people
  data::recorded_log log;
  /// Of the log's users, one row each, or null where nothing is known.
  std::shared_ptr<const core::attribute_table> users;
};

/// Reads what `souk replay` is given:
///
/// - a YAML file with a `data:` block (an experiment's, or a file that is one itself),
///   imported and cleaned as it says; bad rows go to `quarantine_path`;
/// - a dataset as souk imports it (`RUN/dataset.h5`);
/// - a run's folder: the log of its simulation or, without one, its dataset.
///
/// Positive events are those of the log's own file, where it has one, else those of the
/// model's. Sessions are the source's where it has any, else end after half an hour.
/// Throws `core::error` (of the request) if it is none of these, has no times, or has
/// no events.
replay_source read_replay_source(const std::string& path,
                                 const replayed_model& model,
                                 const std::string& quarantine_path,
                                 core::progress& progress);

} // namespace souk::experiments
