#include "data/checkpoint.hpp"

#include "core/error.hpp"
#include "examples.hpp"
#include "importing.hpp"

#include <sys/resource.h>

#include <csignal>

using namespace souk;
using test::example_checkpoint;
using tests::scratch_folder;

namespace {

std::optional<data::checkpoint> read_latest(const std::string& folder,
                                            std::size_t warnings_expected = 0) {
  std::vector<std::string> warnings;
  auto state = data::read_latest_checkpoint(folder, warnings);
  CHECK(warnings.size() == warnings_expected);
  return state;
}

} // namespace

TEST_CASE("a checkpoint comes back with every bit", "[data][checkpoint]") {
  const scratch_folder folder;
  auto state = example_checkpoint(50);
  state.best_parameters = state.parameters;
  state.residuals = {state.first_moments, {}, state.second_moments};
  data::write_checkpoint(folder / "checkpoints", state, 2);
  const auto read = read_latest(folder / "checkpoints");
  REQUIRE(read);
  CHECK(read->step == 50);
  CHECK(read->epoch == 3);
  CHECK(read->parameters == state.parameters);
  CHECK(read->first_moments == state.first_moments);
  CHECK(read->second_moments == state.second_moments);
  CHECK(read->best_parameters == state.best_parameters);
  CHECK(read->residuals == state.residuals);
  CHECK(read->best_metric == state.best_metric);
  CHECK(read->best_epoch == 2);
  CHECK(read->patience_left == 8);
  CHECK(read->negative_log_likelihood == state.negative_log_likelihood);
  CHECK(read->divergence == state.divergence);
  CHECK(read->configuration_digest == "abc");
  CHECK(read->extra == state.extra);
}

TEST_CASE("best weights may be missing, and no metric is infinite",
          "[data][checkpoint]") {
  const scratch_folder folder;
  auto state = example_checkpoint(1);
  state.best_metric = -std::numeric_limits<double>::infinity();
  data::write_checkpoint(folder.path(), state, 1);
  const auto read = read_latest(folder.path());
  REQUIRE(read);
  CHECK(read->best_parameters.empty());
  CHECK(read->best_metric == state.best_metric);
}

TEST_CASE("the newest checkpoints are kept, by step and not by name",
          "[data][checkpoint]") {
  const scratch_folder folder;
  for (const std::uint64_t step : {8, 9, 10, 100})
    data::write_checkpoint(folder.path(), example_checkpoint(step), 2);
  CHECK(read_latest(folder.path())->step == 100);
  CHECK(std::filesystem::exists(folder / "10"));
  CHECK_FALSE(std::filesystem::exists(folder / "9"));
  CHECK_FALSE(std::filesystem::exists(folder / "8"));
}

TEST_CASE("a step can be written again", "[data][checkpoint]") {
  const scratch_folder folder;
  auto state = example_checkpoint(5);
  data::write_checkpoint(folder.path(), state, 2);
  state.epoch = 9;
  data::write_checkpoint(folder.path(), state, 2);
  CHECK(read_latest(folder.path())->epoch == 9);
}

TEST_CASE("a checkpoint that was never committed does not count",
          "[data][checkpoint]") {
  const scratch_folder folder;
  data::write_checkpoint(folder.path(), example_checkpoint(5), 2);
  data::write_checkpoint(folder.path(), example_checkpoint(10), 2);
  std::filesystem::rename(folder / "10", folder / ".10.tmp");
  CHECK(read_latest(folder.path())->step == 5);
}

TEST_CASE("a damaged checkpoint is reported and the one before it is used",
          "[data][checkpoint]") {
  const scratch_folder folder;
  for (const std::uint64_t step : {1, 2, 3})
    data::write_checkpoint(folder.path(), example_checkpoint(step), 3);
  std::filesystem::resize_file(folder / "3/state.h5", 1000);
  std::filesystem::remove(folder / "2/manifest.json");
  std::vector<std::string> warnings;
  const auto read = data::read_latest_checkpoint(folder.path(), warnings);
  REQUIRE(read);
  CHECK(read->step == 1);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].find("step 3") != std::string::npos);
  CHECK(warnings[0].find("damaged") != std::string::npos);
  CHECK(warnings[1].find("step 2") != std::string::npos);
}

TEST_CASE("without a whole checkpoint there is none", "[data][checkpoint]") {
  const scratch_folder folder;
  CHECK_FALSE(read_latest(folder / "missing"));
  CHECK_FALSE(read_latest(folder.path()));
  data::write_checkpoint(folder.path(), example_checkpoint(1), 1);
  std::filesystem::resize_file(folder / "1/state.h5", 0);
  CHECK_FALSE(read_latest(folder.path(), 1));
}

TEST_CASE("a checkpoint under another step's name is not used", "[data][checkpoint]") {
  const scratch_folder folder;
  data::write_checkpoint(folder.path(), example_checkpoint(1), 1);
  std::filesystem::rename(folder / "1", folder / "7");
  CHECK_FALSE(read_latest(folder.path(), 1));
}

TEST_CASE("a checkpoint that does not fit leaves the last one, and no part of itself",
          "[data][checkpoint]") {
  const scratch_folder folder;
  auto state = example_checkpoint(5);
  data::write_checkpoint(folder.path(), state, 2);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{std::filesystem::file_size(folder / "5/state.h5") / 2,
                     before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  for (const std::uint64_t step : {6, 7}) {
    state.step = step;
    CHECK_THROWS_AS(data::write_checkpoint(folder.path(), state, 2), core::error);
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
  CHECK(read_latest(folder.path())->step == 5);
  data::write_checkpoint(folder.path(), state, 2);
  CHECK(read_latest(folder.path())->step == 7);
}

TEST_CASE("what a killed writer left behind is removed with the next checkpoint",
          "[data][checkpoint]") {
  const scratch_folder folder;
  folder.write(".40.tmp/state.h5", "half");
  folder.write(".config.tmp", "not ours");
  data::write_checkpoint(folder.path(), example_checkpoint(50), 2);
  CHECK_FALSE(std::filesystem::exists(folder / ".40.tmp"));
  CHECK(std::filesystem::exists(folder / ".config.tmp"));
}
