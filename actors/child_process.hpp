#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace souk::actors {

/// Seconds for which a process may be seen stopped before it is given up: longer than
/// a run waits for one that is silent, so that nothing is lost that was not before.
constexpr double stopped_seconds_max = 5;

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

  /// Kills it if it has been stopped (SIGSTOP) for so many seconds, so that whoever
  /// keeps it can put another in its place. To be asked often: what counts is how long
  /// it was seen stopped, not the clock, so that nobody is killed who was stopped and
  /// goes on together with this process.
  void kill_if_stopped_for(double seconds);

private:
  /// Takes what the kernel has to tell about it.
  void look();
  void note_end(int status);

  pid_t id_ = -1;
  std::string end_;
  std::optional<int> exit_code_;
  bool is_stopped_ = false;
  double looked_ = 0;          ///< when, in seconds
  double stopped_seconds_ = 0; ///< that it was seen so
};

/// The path of the running program.
std::string this_program();

} // namespace souk::actors
