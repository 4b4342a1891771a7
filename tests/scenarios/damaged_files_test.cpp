#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace souk::tests;

namespace {

namespace fs = std::filesystem;

void flip_a_bit(const std::string& path) {
  auto bytes = bytes_of(path);
  REQUIRE(bytes.size() > 100);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  std::ofstream{path, std::ios::binary} << bytes;
}

void cut_in_half(const std::string& path) {
  fs::resize_file(path, fs::file_size(path) / 2);
}

std::string first_file_in(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".h5")
      return entry.path().string();
  return {};
}

} // namespace

TEST_CASE("a damaged file is named and never read", "[scenarios][damaged_files]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("run").exit_code == 0);
  const std::vector<std::string> files{experiment.in("run", "dataset.h5"),
                                       experiment.in("run", "model.h5"),
                                       first_file_in(experiment.in("run", "sessions"))};
  for (const auto& path : files)
    for (const auto damage : {flip_a_bit, cut_in_half}) {
      INFO(path);
      const auto whole = bytes_of(path);
      damage(path);
      const auto refused = run_souk({"inspect", path});
      INFO(refused.err);
      CHECK(refused.exit_code == 1);
      CHECK(refused.err.find(path) != std::string::npos);
      std::ofstream{path, std::ios::binary} << whole;
      CHECK(run_souk({"inspect", path}).exit_code == 0);
    }
}

TEST_CASE("a finished run whose files are lost or damaged is not called whole",
          "[scenarios][damaged_files]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("run", {"simulation=null"}).exit_code == 0);
  const auto results = experiment.digest("run", "results");

  const auto path = experiment.in("run", "results.json");
  const auto rows = bytes_of(path);
  fs::remove(path);
  const auto without_rows = experiment.run("run", {"simulation=null"}, {"--resume"});
  CHECK(without_rows.exit_code == 1);
  CHECK(without_rows.err.find("results.json") != std::string::npos);
  std::ofstream{path, std::ios::binary} << rows;

  const auto model = experiment.in("run", "model.h5");
  const auto whole = bytes_of(model);
  flip_a_bit(model);
  const auto damaged = experiment.run("run", {"simulation=null"}, {"--resume"});
  CHECK(damaged.exit_code == 1);
  CHECK(damaged.err.find("model.h5") != std::string::npos);
  std::ofstream{model, std::ios::binary} << whole;

  CHECK(experiment.run("run", {"simulation=null"}, {"--resume"}).exit_code == 0);
  CHECK(experiment.digest("run", "results") == results);
}

TEST_CASE("a damaged checkpoint gives way to the one before",
          "[scenarios][damaged_files]") {
  const small_experiment experiment;
  // An interrupted run keeps its checkpoints and has no model yet.
  const std::vector<std::string> training{"simulation=null", "training.epochs=6"};
  REQUIRE(experiment.run("whole", training).exit_code == 0);
  REQUIRE(experiment.run("damaged", training).exit_code == 0);
  std::vector<std::string> checkpoints;
  for (const auto& entry :
       fs::directory_iterator{experiment.in("damaged", "checkpoints")})
    checkpoints.push_back(entry.path().string());
  REQUIRE(checkpoints.size() == 2);
  std::sort(checkpoints.begin(), checkpoints.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  flip_a_bit(checkpoints.back() + "/state.h5");
  fs::remove(experiment.in("damaged", "model.h5"));
  fs::remove(experiment.in("damaged", "manifest.json"));
  const auto resumed = experiment.run("damaged", training, {"--resume"});
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(resumed.err.find(fs::path{checkpoints.back()}.filename().string())
        != std::string::npos);
  CHECK(experiment.digest("damaged", "model") == experiment.digest("whole", "model"));
}
