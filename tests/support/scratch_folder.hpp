#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace souk::tests {

/// A folder of its own for a test, removed at the end.
class scratch_folder {
public:
  scratch_folder() {
    path_ = (std::filesystem::temp_directory_path() / "souk-test-XXXXXX").string();
    if (!mkdtemp(path_.data()))
      throw std::runtime_error{"cannot make a temporary folder"};
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const {
    return path_;
  }

  /// The path of a file or folder inside.
  std::string operator/(const std::string& name) const {
    return path_ + '/' + name;
  }

  /// Writes a file inside, with the folders on its way, and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    const auto path = *this / name;
    std::filesystem::create_directories(std::filesystem::path{path}.parent_path());
    std::ofstream{path, std::ios::binary} << bytes;
    return path;
  }

private:
  std::string path_;
};

/// Reads a whole file; empty if there is none.
inline std::string bytes_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace souk::tests
