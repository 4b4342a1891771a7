#pragma once

#include <filesystem>
#include <string>

namespace souk::tests {

/// Makes a folder the working directory until the end of a scope.
class working_directory {
public:
  explicit working_directory(const std::string& path)
    : before_{std::filesystem::current_path()} {
    std::filesystem::current_path(path);
  }

  working_directory(const working_directory&) = delete;
  working_directory& operator=(const working_directory&) = delete;

  ~working_directory() {
    std::filesystem::current_path(before_);
  }

private:
  std::filesystem::path before_;
};

} // namespace souk::tests
