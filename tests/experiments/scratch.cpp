#include "tests/experiments/scratch.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace souk::experiments {

namespace fs = std::filesystem;

scratch::scratch() {
  auto pattern = (fs::temp_directory_path() / "souk-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()));
  path_ = pattern;
}

scratch::~scratch() {
  fs::remove_all(path_);
}

std::string scratch::write(const std::string& name, const std::string& text) const {
  const auto path = *this / name;
  fs::create_directories(fs::path{path}.parent_path());
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

working_directory::working_directory(const std::string& path)
  : before_{fs::current_path().string()} {
  fs::current_path(path);
}

working_directory::~working_directory() {
  fs::current_path(before_);
}

std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::error& refused) {
    CHECK(refused.whom() == core::blame::request);
    return refused.what();
  }
  return "";
}

std::string failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::error& failed) {
    return failed.what();
  }
  return "";
}

} // namespace souk::experiments
