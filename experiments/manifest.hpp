#pragma once

#include "core/platform.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::experiments {

/// A stage that is done, and how long it took.
struct finished_stage {
  std::string name;
  double seconds = 0; ///< of wall clock, over all attempts that it took
};

/// What `manifest.json` says about a run: what went in, what came out, and where.
struct manifest {
  std::string name; ///< of the experiment
  std::uint64_t seed = 0;
  std::string souk_version;
  std::string souk_commit;
  /// SHA-256 of the resolved file without its `cluster:` block.
  std::string config_digest;
  std::string consistency = "bsp"; ///< of its trainings
  /// Whether the file alone decides the digests; else so does the order in which
  /// trainings applied their gradients, and two runs may differ.
  bool one_answer = true;
  /// `dataset`, `model`, `sessions`, `results`, each once it is known.
  std::map<std::string, std::string> digests;
  core::numeric_platform platform;
  std::map<std::string, std::string> machine;
  std::map<std::string, std::uint64_t> cluster; ///< "trainers": 2
  std::string start;                            ///< UTC, as core::utc_now()
  std::string end;                              ///< empty while it runs
  std::vector<finished_stage> stages;           ///< in the order they finished
  std::map<std::string, std::string> files;     ///< SHA-256 by path inside the folder
  /// By model in training: steps that were computed again by now, after losses and
  /// `--resume`.
  std::map<std::string, std::uint64_t> steps_computed_again;
  std::map<std::string, std::uint64_t> data; ///< "users": 671, "quarantined_rows": 0

  bool finished(const std::string& stage) const;
};

/// Returns a manifest of a run that begins now, on this machine.
manifest begin_manifest(const std::string& name,
                        std::uint64_t seed,
                        const core::numeric_platform& platform);

/// Returns the file's text: indented JSON with a fixed order of keys.
std::string to_json(const manifest& record);

/// Reads it back. Throws `core::error` naming `source` if it is no whole manifest.
manifest manifest_from_json(const std::string& text, const std::string& source);

} // namespace souk::experiments
