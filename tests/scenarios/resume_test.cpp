#include "core/random.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

namespace fs = std::filesystem;

/// Enough epochs that a run can be killed in the middle of its training.
const std::vector<std::string> long_training{
  "training.epochs=400", "training.validate.patience=never",
  "training.validate.every_epochs=20", "simulation=null"};

std::uint64_t newest_checkpoint(const std::string& folder) {
  std::uint64_t newest = 0;
  for (const auto& entry : fs::directory_iterator{folder}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos)
      newest = std::max<std::uint64_t>(newest, std::stoull(name));
  }
  return newest;
}

} // namespace

SCENARIO("a killed run goes on from its checkpoint to the same digest",
         "[scenarios][resume]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", long_training).exit_code == 0);
  const auto model = experiment.digest("whole", "model");
  const auto results = experiment.digest("whole", "results");

  for (std::uint32_t trial = 0; trial < 10; ++trial) {
    const auto name = "killed" + std::to_string(trial);
    INFO(name);
    {
      souk_process run{experiment.arguments(name, long_training)};
      REQUIRE(experiment.wait_for_checkpoint(name, run));
      const core::draw_site site{9, core::stream::synthetic_data, trial, 0};
      std::this_thread::sleep_for(std::chrono::milliseconds{core::below(site, 0, 400)});
      run.signal(SIGKILL);
      run.wait();
    }
    const auto kept = newest_checkpoint(experiment.in(name, "checkpoints"));
    const auto lost = experiment.recorded_steps(name).back() - kept;
    const auto resumed = experiment.run(name, long_training, {"--resume"});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(experiment.digest(name, "model") == model);
    CHECK(experiment.digest(name, "results") == results);
    // The log names the step it went on from, and the curve has every step once.
    CHECK(bytes_of(experiment.in(name, "log.txt")).find("step " + std::to_string(kept))
          != std::string::npos);
    CHECK(experiment.training_result(name, "steps_computed_again")
          == static_cast<double>(lost));
    const auto steps = experiment.recorded_steps(name);
    CHECK_FALSE(steps.empty());
    for (std::size_t i = 0; i < steps.size(); ++i)
      CHECK(steps[i] == i + 1);
  }
}

SCENARIO("Ctrl-C writes a checkpoint and says how to resume", "[scenarios][resume]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", long_training).exit_code == 0);
  souk_process run{experiment.arguments("stopped", long_training)};
  REQUIRE(experiment.wait_for_checkpoint("stopped", run));
  run.signal(SIGINT);
  const auto end = run.wait();
  CHECK(end.exit_code == 130);
  CHECK(end.err.find("--resume") != std::string::npos);
  const auto resumed = experiment.run("stopped", long_training, {"--resume"});
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(experiment.digest("stopped", "model") == experiment.digest("whole", "model"));
}

SCENARIO("Ctrl-C among shoppers ends the run so that it can go on",
         "[scenarios][resume]") {
  const small_experiment experiment;
  const std::vector<std::string> many_worlds{"simulation.worlds=400"};
  REQUIRE(experiment.run("whole", many_worlds).exit_code == 0);
  souk_process run{experiment.arguments("stopped", many_worlds)};
  REQUIRE(experiment.wait_for("stopped", "sessions", run));
  run.signal(SIGINT);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 130);
  CHECK(end.err.find("--resume") != std::string::npos);
  const auto resumed = experiment.run("stopped", many_worlds, {"--resume"});
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(experiment.digest("stopped", "sessions")
        == experiment.digest("whole", "sessions"));
}

SCENARIO("a run that is killed among shoppers goes on after the markets that are over",
         "[scenarios][resume]") {
  const small_experiment experiment;
  const std::vector<std::string> busy_shops{
    "simulation.population.users=2000", "simulation.population.cohort=500",
    "simulation.worlds=8", "simulation.policies=[popularity, random, mult_vae]",
    "simulation.tick=6h"};
  REQUIRE(experiment.run("whole", busy_shops).exit_code == 0);
  {
    souk_process run{experiment.arguments("killed", busy_shops)};
    REQUIRE(experiment.wait_for("killed", "sessions/00002.h5", run));
    run.signal(SIGKILL);
  }
  CHECK_FALSE(bytes_of(experiment.in("killed", "sessions/markets.jsonl")).empty());
  auto wider = busy_shops;
  wider.emplace_back("cluster.processes=2");
  const auto resumed = experiment.run("killed", wider, {"--resume"});
  INFO(resumed.err);
  REQUIRE(resumed.exit_code == 0);
  CHECK_THAT(resumed.err, Catch::Contains("markets were over before"));
  for (const auto* kind : {"sessions", "results"})
    CHECK(experiment.digest("killed", kind) == experiment.digest("whole", kind));
  CHECK_FALSE(fs::exists(experiment.in("killed", "sessions/markets.jsonl")));
}

SCENARIO("a run can be reproduced from its own folder", "[scenarios][resume]") {
  const small_experiment experiment;
  REQUIRE(run_souk({"train", experiment.file(), "--out", experiment.in("first", "")})
            .exit_code
          == 0);
  const auto again = run_souk(
    {"reproduce", experiment.in("first", ""), "--out", experiment.in("second", "")});
  INFO(again.err);
  CHECK(again.exit_code == 0);
  CHECK(again.out.find("model: " + experiment.digest("first", "model") + " reproduced")
        != std::string::npos);
}

SCENARIO("a run is resumed on another cluster shape, but not as another experiment",
         "[scenarios][resume]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", long_training).exit_code == 0);
  {
    souk_process run{experiment.arguments("moved", long_training)};
    REQUIRE(experiment.wait_for_checkpoint("moved", run));
    run.signal(SIGKILL);
  }
  auto other = long_training;
  other.emplace_back("training.blocks=8");
  const auto refused = experiment.run("moved", other, {"--resume"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.find("training.blocks") != std::string::npos);

  auto wider = long_training;
  wider.emplace_back("cluster.trainers=3");
  wider.emplace_back("cluster.parameter_servers=2");
  wider.emplace_back("cluster.processes=3");
  const auto moved = experiment.run("moved", wider, {"--resume"});
  INFO(moved.err);
  CHECK(moved.exit_code == 0);
  CHECK(experiment.digest("moved", "model") == experiment.digest("whole", "model"));
}

SCENARIO("a compressed run is killed and resumed on another cluster shape",
         "[scenarios][resume][compression]") {
  const small_experiment experiment;
  auto compressed = long_training;
  compressed.emplace_back("training.compression={kind: top_k, fraction: 0.02}");
  REQUIRE(experiment.run("whole", compressed).exit_code == 0);
  auto wider = compressed;
  wider.emplace_back("cluster.trainers=3");
  wider.emplace_back("cluster.parameter_servers=2");
  wider.emplace_back("cluster.processes=3");
  // There and back: both shapes write a checkpoint that the other goes on from.
  for (const auto& [before, after] :
       {std::pair{compressed, wider}, {wider, compressed}}) {
    const std::string name = before == wider ? "narrowed" : "widened";
    INFO(name);
    {
      souk_process run{experiment.arguments(name, before)};
      REQUIRE(experiment.wait_for_checkpoint(name, run));
      run.signal(SIGKILL);
    }
    const auto resumed = experiment.run(name, after, {"--resume"});
    INFO(resumed.err);
    CHECK(resumed.exit_code == 0);
    CHECK(bytes_of(experiment.in(name, "log.txt")).find("from the checkpoint")
          != std::string::npos);
    CHECK(experiment.digest(name, "model") == experiment.digest("whole", "model"));
  }
}

SCENARIO("children end when their run vanishes", "[scenarios][resume]") {
  const small_experiment experiment;
  auto spread = long_training;
  spread.emplace_back("cluster.processes=2");
  souk_process run{experiment.arguments("orphans", spread)};
  REQUIRE(experiment.wait_for_checkpoint("orphans", run));
  const auto children = run.children();
  REQUIRE(children.size() == 1);
  run.signal(SIGKILL);
  run.wait();
  auto alive = true;
  for (int i = 0; i < 500 && alive; ++i) {
    // A child of a killed process is reaped by init: its folder in /proc goes.
    alive = bytes_of("/proc/" + std::to_string(children.front()) + "/stat").find(") Z")
              == std::string::npos
            && fs::exists("/proc/" + std::to_string(children.front()));
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  CHECK_FALSE(alive);
}
