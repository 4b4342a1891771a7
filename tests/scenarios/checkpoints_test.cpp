#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

using namespace souk::tests;

namespace {

namespace fs = std::filesystem;

/// A training whose checkpoints take as long as its steps: 7 MB after every one.
const std::vector<std::string> busy{"training.epochs=30",
                                    "training.validate.patience=never",
                                    "training.validate.every_epochs=20",
                                    "training.checkpoint.every_steps=1",
                                    "model.hidden=[600]",
                                    "model.latent=200",
                                    "simulation=null"};

/// Between the size of a model and that of a checkpoint, which holds it four times.
constexpr rlim_t enough_for_a_model = 4'000'000;

/// Steps of the checkpoints that were committed, or of those under way.
std::vector<std::uint64_t> steps_in(const std::string& folder, bool under_way) {
  std::vector<std::uint64_t> steps;
  std::error_code ignored; // entries come and go
  for (const auto& entry : fs::directory_iterator{folder, ignored}) {
    auto name = entry.path().filename().string();
    if ((name.front() == '.') == under_way)
      steps.push_back(std::stoull(under_way ? name.substr(1) : name));
  }
  return steps;
}

std::uint64_t newest_in(const std::string& folder) {
  const auto steps = steps_in(folder, /*under_way=*/false);
  return steps.empty() ? 0 : *std::max_element(steps.begin(), steps.end());
}

/// Asks a thousand times a second, for at most 20 seconds.
template <class Predicate>
bool wait_until(souk_process& run, const Predicate& holds) {
  for (int i = 0; i < 20000 && run.running(); ++i) {
    if (holds())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return false;
}

void limit_files(const souk_process& run, rlim_t bytes) {
  rlimit limit{};
  REQUIRE(prlimit(run.id(), RLIMIT_FSIZE, nullptr, &limit) == 0);
  limit.rlim_cur = bytes;
  REQUIRE(prlimit(run.id(), RLIMIT_FSIZE, &limit, nullptr) == 0);
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/// A value of a run's results; -1 if there is none.
double result(const small_experiment& experiment,
              const std::string& name,
              const std::string& metric) {
  const auto rows = bytes_of(experiment.in(name, "results.json"));
  const auto row = rows.find("\"" + metric + "\"");
  if (row == std::string::npos)
    return -1;
  const std::string mean{"\"mean\":"};
  return std::stod(rows.substr(rows.find(mean, row) + mean.size()));
}

/// A file system of a few megabytes on a folder, for this process and its children.
class small_disk {
public:
  small_disk(std::string folder, std::size_t megabytes) : folder_{std::move(folder)} {
    fs::create_directories(folder_);
    is_mounted =
      unshare(CLONE_NEWNS) == 0
      && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
      && mount("tmpfs", folder_.c_str(), "tmpfs", 0, size(megabytes).c_str()) == 0;
  }

  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  ~small_disk() {
    if (is_mounted)
      umount2(folder_.c_str(), MNT_DETACH);
  }

  void resize(std::size_t megabytes) const {
    REQUIRE(
      mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, size(megabytes).c_str())
      == 0);
  }

  bool is_mounted = false;

private:
  static std::string size(std::size_t megabytes) {
    return "size=" + std::to_string(megabytes) + "m";
  }

  std::string folder_;
};

} // namespace

SCENARIO(
  "a run that is killed while it writes a checkpoint goes on from the one before",
  "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);
  std::size_t caught = 0;
  for (std::uint64_t trial = 0; trial < 4; ++trial) {
    const auto name = "killed" + std::to_string(trial);
    INFO(name);
    const auto folder = experiment.in(name, "checkpoints");
    souk_process run{experiment.arguments(name, busy)};
    REQUIRE(wait_until(run, [&] {
      return newest_in(folder) > 3 * trial && !steps_in(folder, true).empty();
    }));
    run.signal(SIGKILL);
    run.wait();
    caught += steps_in(folder, /*under_way=*/true).size();
    const auto kept = newest_in(folder);
    const auto resumed = experiment.run(name, busy, {"--resume"});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(resumed.err.find("from the checkpoint at step " + std::to_string(kept) + "\n")
          != std::string::npos);
    CHECK(resumed.err.find("cannot be used") == std::string::npos);
    CHECK(experiment.digest(name, "model") == experiment.digest("whole", "model"));
    CHECK(steps_in(folder, /*under_way=*/true).empty());
  }
  CHECK(caught > 0); // else none was killed when it mattered
}

SCENARIO("a process that dies while a checkpoint is written takes nothing with it",
         "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);
  auto spread = busy;
  for (const auto* one :
       {"cluster.processes=3", "cluster.trainers=3", "cluster.parameter_servers=3"})
    spread.emplace_back(one);
  const auto folder = experiment.in("killed", "checkpoints");
  souk_process run{experiment.arguments("killed", spread)};
  for (const std::uint64_t step : {5, 25}) {
    REQUIRE(wait_until(run, [&] {
      return newest_in(folder) >= step && !steps_in(folder, true).empty();
    }));
    if (const auto children = run.children(); !children.empty())
      kill(children.front(), SIGKILL);
  }
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.err.find("was killed by signal 9") != std::string::npos);
  CHECK(experiment.digest("killed", "model") == experiment.digest("whole", "model"));
}

SCENARIO("a checkpoint that cannot be written does not end the training",
         "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);
  souk_process run{experiment.arguments("small", busy)};
  REQUIRE(experiment.wait_for_checkpoint("small", run));
  limit_files(run, enough_for_a_model);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(times(end.err, "was not written") == 1);
  CHECK(end.err.find("the last whole one is of step") != std::string::npos);
  CHECK(experiment.digest("small", "model") == experiment.digest("whole", "model"));
  CHECK(experiment.digest("small", "results") == experiment.digest("whole", "results"));
  CHECK(result(experiment, "small", "checkpoints_failed") > 0);
  CHECK(result(experiment, "whole", "checkpoints_failed") == 0);
  // The last good one is still there and whole.
  const auto folder = experiment.in("small", "checkpoints");
  REQUIRE(newest_in(folder) > 0);
  const auto state = folder + "/" + std::to_string(newest_in(folder)) + "/state.h5";
  CHECK(run_souk({"inspect", state}).exit_code == 0);
  CHECK(steps_in(folder, /*under_way=*/true).empty());
}

SCENARIO("a run that is stopped while its disk is full goes on from the last good one",
         "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);
  souk_process run{experiment.arguments("stopped", busy)};
  REQUIRE(experiment.wait_for_checkpoint("stopped", run));
  limit_files(run, enough_for_a_model);
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  run.signal(SIGINT);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 130);
  const auto resumed = experiment.run("stopped", busy, {"--resume"});
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(experiment.digest("stopped", "model") == experiment.digest("whole", "model"));
}

SCENARIO("checkpoints are written again when a full disk has room again",
         "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);
  auto words = experiment.arguments("full", busy);
  words.front() = "import";
  REQUIRE(run_souk(words).exit_code == 0);
  const auto folder = experiment.in("full", "checkpoints");
  const small_disk disk{folder, /*megabytes=*/12}; // room for two, and not for a third
  if (!disk.is_mounted) {
    WARN("skipped: a file system cannot be mounted here");
    return;
  }
  souk_process run{experiment.arguments("full", busy, {"--resume"})};
  REQUIRE(wait_until(run, [&] { return newest_in(folder) > 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  disk.resize(40);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.err.find("No space left on device") != std::string::npos);
  CHECK(times(end.err, "was not written") == 1);
  CHECK(times(end.err, "written again") == 1);
  CHECK(result(experiment, "full", "checkpoints_failed") > 0);
  CHECK(newest_in(folder) == 90);
  CHECK(experiment.digest("full", "model") == experiment.digest("whole", "model"));
}

SCENARIO("a run moves from one server to four and to two, and keeps its digest",
         "[scenarios][checkpoints]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", busy).exit_code == 0);

  struct shape {
    const char* servers;
    const char* trainers;
    const char* processes;
  };

  for (const auto* way_to_stop : {"killed", "interrupted"}) {
    INFO(way_to_stop);
    const auto folder = experiment.in(way_to_stop, "checkpoints");
    std::uint64_t last = 0;
    for (const auto& [servers, trainers, processes] :
         {shape{"1", "1", "1"}, {"4", "3", "2"}, {"2", "4", "3"}}) {
      INFO(servers << " servers");
      auto overrides = busy;
      overrides.push_back(std::string{"cluster.parameter_servers="} + servers);
      overrides.push_back(std::string{"cluster.trainers="} + trainers);
      overrides.push_back(std::string{"cluster.processes="} + processes);
      const auto flags =
        last == 0 ? std::vector<std::string>{} : std::vector<std::string>{"--resume"};
      souk_process run{experiment.arguments(way_to_stop, overrides, flags)};
      if (*servers != '2') {
        REQUIRE(wait_until(run, [&] { return newest_in(folder) >= last + 10; }));
        run.signal(way_to_stop[0] == 'k' ? SIGKILL : SIGINT);
      }
      const auto end = run.wait();
      INFO(end.err);
      CHECK(end.exit_code
            == (*servers == '2'         ? 0
                : way_to_stop[0] == 'k' ? 128 + SIGKILL
                                        : 130));
      if (last > 0)
        CHECK(end.err.find("from the checkpoint at step " + std::to_string(last) + "\n")
              != std::string::npos);
      last = newest_in(folder);
    }
    CHECK(experiment.digest(way_to_stop, "model")
          == experiment.digest("whole", "model"));
    CHECK(experiment.digest(way_to_stop, "results")
          == experiment.digest("whole", "results"));
  }
}
