#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <map>
#include <thread>

using namespace souk::tests;

namespace {

const std::string by_item = "training.placement={kind: by_item, ranges: 4}";

} // namespace

SCENARIO("training by item has one digest on every cluster shape",
         "[scenarios][by_item]") {
  const small_experiment experiment;
  for (const std::string kind : {"mult_vae", "mult_dae"}) {
    INFO(kind);
    const std::vector<std::string> file{by_item, "simulation=null",
                                        "model={kind: " + kind
                                          + ", hidden: [24], latent: 8}"};
    std::string reference;
    for (const auto servers : {1, 2, 3, 4})
      for (const auto processes : {1, 3})
        for (const auto threads : {1, 2}) {
          if (kind == "mult_dae" && (servers % 2 == 0 || threads == 2))
            continue; // a sample will do
          const auto name = kind + "s" + std::to_string(servers) + "p"
                            + std::to_string(processes) + "x" + std::to_string(threads);
          INFO(name);
          auto overrides = file;
          overrides.push_back("cluster.parameter_servers=" + std::to_string(servers));
          overrides.push_back("cluster.processes=" + std::to_string(processes));
          overrides.push_back("cluster.threads_per_trainer=" + std::to_string(threads));
          overrides.push_back("cluster.trainers=" + std::to_string(1 + servers % 2));
          overrides.push_back("cluster.data_shards=" + std::to_string(servers));
          const auto run = experiment.run(name, overrides);
          INFO(run.err);
          REQUIRE(run.exit_code == 0);
          if (reference.empty())
            reference = experiment.digest(name, "model");
          CHECK(experiment.digest(name, "model") == reference);
        }
    const auto other = experiment.run(
      kind, {"training.placement={kind: by_item, ranges: 8}", file[1], file[2]});
    INFO(other.err);
    REQUIRE(other.exit_code == 0);
    CHECK(experiment.digest(kind, "model") != reference);
  }
}

SCENARIO("training in another precision has one digest on every cluster shape",
         "[scenarios][by_item]") {
  const small_experiment experiment;
  const auto whole = experiment.run("fp32", {by_item, "simulation=null"});
  REQUIRE(whole.exit_code == 0);
  for (const auto& [operands, isa] : std::vector<std::pair<std::string, std::string>>{
         {"bf16", "auto"}, {"bf16", "amx"}, {"bf16x3", "amx"}}) {
    INFO(operands << ", " << isa);
    const std::vector<std::string> rounded{"training.precision=" + operands,
                                           "math.isa=" + isa, "simulation=null"};
    const auto check =
      run_souk({"check", experiment.file(), "-s", rounded[0], "-s", rounded[1]});
    if (check.exit_code != 0) {
      CHECK_THAT(check.err,
                 Catch::Contains(isa == "amx" ? "has no amx" : "AVX512_BF16"));
      WARN("skipped: this processor has no " << operands << " by " << isa);
      continue;
    }
    std::map<std::string, std::string> references;
    for (const auto& placed : {by_item, std::string{"training.placement=by_range"}})
      for (const auto& [roles, processes] :
           std::vector<std::pair<int, int>>{{1, 1}, {2, 3}, {4, 2}}) {
        const auto folder = operands + isa + (placed == by_item ? "i" : "r")
                            + std::to_string(roles) + "p" + std::to_string(processes);
        INFO(folder);
        auto overrides = rounded;
        overrides.push_back(placed);
        overrides.push_back("cluster.parameter_servers=" + std::to_string(roles));
        overrides.push_back("cluster.trainers=" + std::to_string(roles));
        overrides.push_back("cluster.processes=" + std::to_string(processes));
        const auto run = experiment.run(folder, overrides);
        INFO(run.err);
        REQUIRE(run.exit_code == 0);
        const auto digest = experiment.digest(folder, "model");
        CHECK(references.emplace(placed, digest).first->second == digest);
      }
    CHECK(references.at(by_item) != experiment.digest("fp32", "model"));
  }
}

SCENARIO("what by_item cannot do is refused", "[scenarios][by_item]") {
  const small_experiment experiment;
  const auto refused = [&](const std::string& override, const std::string& key) {
    const auto check =
      run_souk({"check", experiment.file(), "-s", by_item, "-s", override});
    INFO(check.err);
    CHECK(check.exit_code == 2);
    CHECK(check.err.find(key) != std::string::npos);
  };
  refused("training.compression=bf16", "training.compression");
  refused("cluster.parameter_servers=5", "cluster.parameter_servers");
  refused("training.placement.ranges=3", "training.placement.ranges");
  const auto warned =
    run_souk({"check", experiment.file(), "-s", by_item, "-s", "cluster.trainers=2"});
  CHECK(warned.exit_code == 0);
  CHECK(warned.err.find("one trainer") != std::string::npos);
  // Only the data says how many items there are.
  const auto run =
    experiment.run("many", {"training.placement={kind: by_item, ranges: 64}"});
  INFO(run.err);
  CHECK(run.exit_code == 2);
  CHECK(run.err.find("training.placement.ranges") != std::string::npos);
}

SCENARIO(
  "training by item goes on when processes are lost, and after a kill on another "
  "cluster",
  "[scenarios][by_item]") {
  const small_experiment experiment;
  const std::vector<std::string> file{by_item, "simulation=null", "training.epochs=200",
                                      "training.validate.patience=never",
                                      "training.validate.every_epochs=20"};
  REQUIRE(experiment.run("whole", file).exit_code == 0);
  const auto spread = [&](const std::string& servers) {
    auto overrides = file;
    for (const std::string one : {"cluster.processes=3", "cluster.data_shards=2"})
      overrides.push_back(one);
    overrides.push_back("cluster.parameter_servers=" + servers);
    return overrides;
  };
  const auto check = [&](const std::string& name, const finished_process& end) {
    INFO(name << ": " << end.err);
    REQUIRE(end.exit_code == 0);
    CHECK(experiment.digest(name, "model") == experiment.digest("whole", "model"));
    const auto steps = experiment.recorded_steps(name);
    REQUIRE_FALSE(steps.empty());
    for (std::size_t i = 0; i < steps.size(); ++i)
      REQUIRE(steps[i] == i + 1);
  };
  for (const auto signal : {SIGKILL, SIGSTOP}) {
    const std::string name = signal == SIGKILL ? "killed" : "frozen";
    souk_process run{experiment.arguments(name, spread("4"))};
    REQUIRE(experiment.wait_for_checkpoint(name, run));
    const auto children = run.children();
    REQUIRE_FALSE(children.empty());
    kill(children.back(), signal);
    const auto end = run.wait();
    check(name, end);
    CHECK(end.err.find("going on with") != std::string::npos);
  }
  {
    souk_process run{experiment.arguments("whole_killed", spread("2"))};
    REQUIRE(experiment.wait_for_checkpoint("whole_killed", run));
    run.signal(SIGKILL);
    run.wait();
  }
  const auto resumed = experiment.run(
    "whole_killed",
    {file[0], file[1], file[2], file[3], file[4], "cluster.parameter_servers=3"},
    {"--resume"});
  check("whole_killed", resumed);
}
