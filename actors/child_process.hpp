#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace souk::actors {

/// A program started by this one; it ends with it.
class child_process {
public:
  /// Starts `arguments[0]` with the arguments. The kernel ends it when this process
  /// vanishes. Throws `core::error`.
  explicit child_process(const std::vector<std::string>& arguments);

  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&&) = delete;

  /// Waits a moment for its end, then kills it.
  ~child_process();

  pid_t id() const {
    return id_;
  }

  /// Ends it at once, frozen or not.
  void kill();

  /// Says how it ended ("was killed by signal 9", "ended with exit code 1"), or nothing
  /// while it runs.
  std::string end();

  /// Its exit code; nothing while it runs or if a signal ended it.
  std::optional<int> exit_code();

private:
  void note_end(int status);

  pid_t id_ = -1;
  std::string end_;
  std::optional<int> exit_code_;
};

/// The path of the running program.
std::string this_program();

} // namespace souk::actors
