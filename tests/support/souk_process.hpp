#pragma once

#include <sys/types.h>

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
  /// Starts souk with these arguments.
  explicit souk_process(const std::vector<std::string>& arguments);
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

  /// The processes that it started and that still run.
  std::vector<pid_t> children() const;

private:
  pid_t id_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::string folder_; ///< of the files that take its output
};

/// Starts souk and waits for its end.
finished_process run_souk(const std::vector<std::string>& arguments);

/// A folder of its own for a test, removed at the end.
class scratch_folder {
public:
  scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder();

  /// The path of a file or folder inside.
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

  /// Writes a file inside and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

private:
  std::string path_;
};

/// Reads a whole file; empty if there is none.
std::string text_of(const std::string& path);

} // namespace souk::tests
