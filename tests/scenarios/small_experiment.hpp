#pragma once

#include "tests/support/souk_process.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::tests {

/// A data set, an experiment over it and room for its runs: small enough for seconds,
/// uneven enough that the last batch is not full.
class small_experiment {
public:
  small_experiment();

  /// The path of its YAML file.
  const std::string& file() const {
    return file_;
  }

  /// Runs it into a folder of that name with these overrides; returns how it ended.
  finished_process run(const std::string& name,
                       std::vector<std::string> overrides = {},
                       const std::vector<std::string>& flags = {}) const;

  /// The arguments of such a run, to start it by hand.
  std::vector<std::string> arguments(const std::string& name,
                                     const std::vector<std::string>& overrides,
                                     const std::vector<std::string>& flags = {}) const;

  /// A digest in a run's manifest ("model", "sessions", ...); empty if there is none.
  std::string digest(const std::string& name, const std::string& kind) const;

  /// The path of something in a run's folder.
  std::string in(const std::string& name, const std::string& entry) const {
    return folder_ / (name + "/" + entry);
  }

  /// Waits until a run's folder has an entry; false if the run ends before.
  bool
  wait_for(const std::string& name, const std::string& entry, souk_process& run) const;

  /// The same for its first checkpoint.
  bool wait_for_checkpoint(const std::string& name, souk_process& run) const;

  /// Steps in a run's curve of its model's loss, in the order they were written.
  std::vector<std::uint64_t> recorded_steps(const std::string& name) const;

  /// A number that a run tells of its model's training ("steps_computed_again").
  double training_result(const std::string& name, const std::string& metric) const;

  const scratch_folder& folder() const {
    return folder_;
  }

private:
  scratch_folder folder_;
  std::string file_;
};

} // namespace souk::tests
