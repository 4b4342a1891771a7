#include "core/random.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

using std::chrono::milliseconds;

/// A training that takes a second or two.
const std::vector<std::string> training{
  "training.epochs=200", "training.validate.patience=never",
  "training.validate.every_epochs=20", "simulation=null"};

/// The same in three processes that all have a part.
std::vector<std::string> spread() {
  auto overrides = training;
  for (const auto* one : {"cluster.processes=3", "cluster.trainers=3",
                          "cluster.parameter_servers=2", "cluster.data_shards=2"})
    overrides.emplace_back(one);
  return overrides;
}

/// A moment in the life of a run, drawn by name.
milliseconds
drawn_moment(std::uint32_t trial, std::uint32_t index, std::uint64_t most) {
  return milliseconds{
    core::below({10, core::stream::synthetic_data, trial, 0}, index, most)};
}

/// One of the processes that a run has started.
pid_t some_child(const souk_process& run, std::uint32_t trial) {
  const auto children = run.children();
  return children.empty() ? 0 : children[trial % children.size()];
}

void check_steps(const small_experiment& experiment, const std::string& name) {
  const auto steps = experiment.recorded_steps(name);
  REQUIRE_FALSE(steps.empty());
  for (std::size_t i = 0; i < steps.size(); ++i)
    REQUIRE(steps[i] == i + 1);
}

} // namespace

SCENARIO("a run whose processes are killed ends as if nothing had happened",
         "[scenarios][recovery]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training).exit_code == 0);
  for (std::uint32_t trial = 0; trial < 5; ++trial) {
    const auto name = "killed" + std::to_string(trial);
    INFO(name);
    souk_process run{experiment.arguments(name, spread())};
    REQUIRE(experiment.wait_for_checkpoint(name, run));
    // Twice: also whoever took part later may die.
    for (std::uint32_t kills = 0; kills < 2; ++kills) {
      std::this_thread::sleep_for(drawn_moment(trial, kills, 500));
      if (const auto child = some_child(run, trial); child > 0)
        kill(child, SIGKILL);
    }
    const auto end = run.wait();
    INFO(end.err);
    REQUIRE(end.exit_code == 0);
    CHECK(end.err.find("was killed by signal 9") != std::string::npos);
    CHECK(experiment.digest(name, "model") == experiment.digest("whole", "model"));
    CHECK(experiment.digest(name, "results") == experiment.digest("whole", "results"));
    check_steps(experiment, name);
  }
}

SCENARIO("what compression has left out survives a process that is killed",
         "[scenarios][recovery]") {
  const small_experiment experiment;
  const std::string top_k{"training.compression={kind: top_k, fraction: 0.05}"};
  auto alone = training;
  alone.push_back(top_k);
  REQUIRE(experiment.run("whole", alone).exit_code == 0);
  auto together = spread();
  together.push_back(top_k);
  souk_process run{experiment.arguments("killed", together)};
  REQUIRE(experiment.wait_for_checkpoint("killed", run));
  kill(some_child(run, 0), SIGKILL);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(experiment.digest("killed", "model") == experiment.digest("whole", "model"));
  check_steps(experiment, "killed");
}

SCENARIO("a process that is killed or frozen before the run has begun is replaced",
         "[scenarios][recovery]") {
  const auto signal = GENERATE(SIGKILL, SIGSTOP);
  CAPTURE(signal);
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training).exit_code == 0);
  souk_process run{experiment.arguments("early", spread())};
  while (run.running() && run.children().empty())
    std::this_thread::sleep_for(milliseconds{1});
  kill(some_child(run, 0), signal);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  if (signal == SIGSTOP)
    CHECK(end.err.find("stays stopped") != std::string::npos);
  CHECK(experiment.digest("early", "model") == experiment.digest("whole", "model"));
}

SCENARIO("a process that is frozen is given up, and not heard when it thaws",
         "[scenarios][recovery]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training).exit_code == 0);
  souk_process run{experiment.arguments("frozen", spread())};
  REQUIRE(experiment.wait_for_checkpoint("frozen", run));
  const auto child = some_child(run, 1);
  REQUIRE(child > 0);
  kill(child, SIGSTOP);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(experiment.digest("frozen", "model") == experiment.digest("whole", "model"));
  check_steps(experiment, "frozen");
}

SCENARIO("a run that was frozen itself goes on when it thaws",
         "[scenarios][recovery]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training).exit_code == 0);
  souk_process run{experiment.arguments("thawed", spread())};
  REQUIRE(experiment.wait_for_checkpoint("thawed", run));
  run.signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds{5});
  run.signal(SIGCONT);
  const auto end = run.wait();
  INFO(end.err);
  CHECK(end.exit_code == 0);
  CHECK(experiment.digest("thawed", "model") == experiment.digest("whole", "model"));
  check_steps(experiment, "thawed");
}

SCENARIO("a shop whose processes are killed logs every event once",
         "[scenarios][recovery]") {
  const small_experiment experiment;
  std::vector<std::string> shop{"simulation.worlds=100"};
  REQUIRE(experiment.run("whole", shop).exit_code == 0);
  shop.emplace_back("cluster.processes=3");
  for (std::uint32_t trial = 0; trial < 3; ++trial) {
    const auto name = "killed" + std::to_string(trial);
    INFO(name);
    souk_process run{experiment.arguments(name, shop)};
    REQUIRE(experiment.wait_for(name, "sessions", run));
    std::this_thread::sleep_for(drawn_moment(trial, 9, 400));
    if (const auto child = some_child(run, trial); child > 0)
      kill(child, SIGKILL);
    const auto end = run.wait();
    INFO(end.err);
    CHECK(end.exit_code == 0);
    CHECK(experiment.digest(name, "sessions")
          == experiment.digest("whole", "sessions"));
    CHECK(experiment.digest(name, "results") == experiment.digest("whole", "results"));
  }
}
