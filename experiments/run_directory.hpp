#pragma once

#include "experiments/manifest.hpp"

#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

/// Which folder a run wants.
struct run_directory_options {
  std::string name;     ///< of the experiment: part of the folder's
  std::string out;      ///< `--out`; empty: runs/<name>-<UTC time>/
  bool resume = false;  ///< go on with what is there
  std::string resolved; ///< the resolved file: becomes config.yaml
};

/// The folder that a run ends in, held by one process at a time.
///
/// A stage is finished when the manifest on disk says so: the mark, the digests and the
/// hashes of what the stage wrote appear together, by one rename.
class run_directory {
public:
  /// Makes the folder, or takes up an old one. Throws `core::error` of the request if
  /// it exists and `resume` is off; if it is no run's; if it was made from a file that
  /// differs outside `cluster:`, naming the first key that does; or if another process
  /// holds it.
  static run_directory open(const run_directory_options& options);

  run_directory(run_directory&& other) noexcept;
  run_directory& operator=(run_directory&&) = delete;
  ~run_directory();

  const std::string& path() const {
    return path_;
  }

  /// Returns the path of an entry ("results.json").
  std::string operator/(const std::string& entry) const;

  /// The manifest as it stands on disk; nothing before the first `save`.
  const std::optional<manifest>& saved() const {
    return saved_;
  }

  /// Whether a stage was finished, by this process or before a resume.
  bool finished(const std::string& stage) const;

  /// Writes `manifest.json`. Throws `core::error`.
  void save(const manifest& record);

  /// Notes in `record` that a stage is done, with the hashes of the files that it wrote
  /// (paths inside the folder), and saves it. Throws `core::error`.
  void mark_finished(manifest& record,
                     const std::string& stage,
                     double seconds,
                     const std::vector<std::string>& files = {});

private:
  run_directory(std::string path, int lock);

  std::string path_;
  int lock_; ///< a descriptor of the folder itself
  std::optional<manifest> saved_;
};

/// Reads the manifest of a finished or unfinished run. Throws `core::error` (of the
/// request) if the folder is no run's.
manifest read_manifest(const std::string& run);

/// Checks that a file of a run still has the hash in its manifest; what the manifest
/// does not name passes. Throws `core::error` if it is gone or damaged.
void check_file(const manifest& record,
                const std::string& run,
                const std::string& file);

} // namespace souk::experiments
