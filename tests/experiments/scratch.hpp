#pragma once

#include <functional>
#include <string>

namespace souk::experiments {

/// A folder of its own for a test, removed at the end.
class scratch {
public:
  scratch();
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch();

  /// The path of an entry inside.
  std::string operator/(const std::string& name) const {
    return path_ + '/' + name;
  }

  /// Writes a file inside, with the folders on its way, and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

private:
  std::string path_;
};

/// Makes a folder the working directory until the end of a scope.
class working_directory {
public:
  explicit working_directory(const std::string& path);
  working_directory(const working_directory&) = delete;
  working_directory& operator=(const working_directory&) = delete;
  ~working_directory();

private:
  std::string before_;
};

/// Returns the text of the `core::error` that `work` throws, or nothing if it throws
/// none. Fails the test unless the request is to blame (exit code 2).
std::string refusal_of(const std::function<void()>& work);

/// Returns the text of the `core::error` that `work` throws, whoever is to blame.
std::string failure_of(const std::function<void()>& work);

} // namespace souk::experiments
