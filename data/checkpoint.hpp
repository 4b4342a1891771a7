#pragma once

#include "core/parameter_layout.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace souk::data {

/// Everything that training needs to go on after a step as if it had never stopped.
/// All arenas have the same layout; `best_parameters` may be empty.
struct checkpoint {
  std::uint64_t step = 0;  ///< updates applied
  std::uint64_t epoch = 0; ///< under way, or about to begin
  core::parameter_arena parameters;
  core::parameter_arena first_moments;
  core::parameter_arena second_moments;
  /// What each block's compressed gradients have left out; empty where nothing is kept.
  std::vector<core::parameter_arena> residuals;

  core::parameter_arena best_parameters;
  double best_metric = 0;
  std::uint64_t best_epoch = 0;
  std::uint64_t patience_left = 0; ///< epochs

  // The epoch's losses so far, accumulated in the order of steps, in nats.
  double negative_log_likelihood = 0;
  double divergence = 0;

  /// Of what the run computes: a run resumes only from its own checkpoints.
  std::string configuration_digest;
  std::map<std::string, std::string> extra;
};

/// Writes `<folder>/<step>/` with `state.h5` and `manifest.json` (its hash), whole or
/// not at all: both are written and synced in `<folder>/.<step>.tmp/`, and the rename
/// of that folder is the commit. Afterwards only the newest `keep` (at least one)
/// remain. Throws `error` if it cannot be written; older checkpoints then stay.
void write_checkpoint(const std::string& checkpoints_folder,
                      const checkpoint& state,
                      std::size_t keep);

/// Reads the newest checkpoint that is whole. For each newer one that is not, a line
/// saying which and why is added to `warnings`. Nothing if none is there or none is
/// whole.
std::optional<checkpoint> read_latest_checkpoint(const std::string& checkpoints_folder,
                                                 std::vector<std::string>& warnings);

/// Returns the state's path in a checkpoint's folder, after checking it against the
/// manifest beside it. Throws `error` if either is missing or damaged.
std::string verified_state(const std::string& checkpoint_folder);

} // namespace souk::data
