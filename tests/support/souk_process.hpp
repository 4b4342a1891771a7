#pragma once

#include "tests/support/scratch_folder.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace souk::tests {

/// What a finished program left behind.
struct finished_process {
  int exit_code = -1; ///< 128 + signal if it was killed
  std::string out;
  std::string err;
};

/// A real `souk` process, started by a test.
class souk_process {
public:
  /// Starts souk with these arguments; `before` are words that stand before the
  /// command and end by becoming it, such as those of `host_network::on`. Another
  /// program may be started in its place.
  explicit souk_process(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& before = {},
                        const std::string& program = {});
  souk_process(const souk_process&) = delete;
  souk_process& operator=(const souk_process&) = delete;
  ~souk_process();

  pid_t id() const {
    return id_;
  }

  /// Sends a signal.
  void signal(int number) const;

  bool running();

  /// Waits for its end.
  finished_process wait();

  /// What it has said so far.
  std::string said() const;

  /// Waits for its end, no longer than that; true if it has ended.
  bool ends_within(std::chrono::milliseconds most);

  /// The processes that it started and that still run.
  std::vector<pid_t> children() const;

private:
  pid_t id_ = -1;
  int status_ = 0;
  bool ended_ = false;
  scratch_folder folder_; ///< of the files that take its output
};

/// Starts souk and waits for its end.
finished_process run_souk(const std::vector<std::string>& arguments);

} // namespace souk::tests
