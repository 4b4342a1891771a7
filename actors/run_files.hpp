#pragma once

#include <string>
#include <utility>

namespace souk::actors {

/// Where a process finds the files of its run. Entries are paths in the run's
/// directory: "dataset.h5", "baselines/ease.h5"; each file has its hash beside it
/// (`.sha256`).
class run_files {
public:
  virtual ~run_files() = default;

  /// Returns the path under which an entry can be opened in this process. May take as
  /// long as fetching it does. Throws `core::error`.
  virtual std::string find(const std::string& entry) = 0;
};

/// Of a process that sees the run's directory.
class files_in_directory : public run_files {
public:
  explicit files_in_directory(std::string directory)
    : directory_{std::move(directory)} {
    // nop
  }

  std::string find(const std::string& entry) override {
    return directory_ + '/' + entry;
  }

private:
  std::string directory_;
};

} // namespace souk::actors
