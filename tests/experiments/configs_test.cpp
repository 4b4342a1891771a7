#include "experiments/config/document.hpp"
#include "experiments/config/layers.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk::experiments;

TEST_CASE("every file in configs/ can be read with the blocks that it uses",
          "[experiments][configs]") {
  std::size_t num_files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{"configs"}) {
    if (!entry.is_regular_file())
      continue;
    const auto path = entry.path().string();
    INFO(path);
    CHECK(entry.path().extension() == ".yaml");
    if (entry.path().parent_path().filename() == "experiment")
      CHECK_NOTHROW(document::load(path));
    else
      CHECK_NOTHROW(read_map(read_yaml_file(path), path));
    ++num_files;
  }
  CHECK(num_files > 0);
}
