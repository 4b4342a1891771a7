#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace souk::tests;

namespace {

const std::string bsp = "training.consistency=bsp";
const std::string ssp_alone =
  "training.consistency={kind: ssp, workers: 1, staleness: 0}";
const std::string ssp_in_step =
  "training.consistency={kind: ssp, workers: 3, staleness: 0}";
const std::string ssp = "training.consistency={kind: ssp, workers: 3, staleness: 2}";
const std::string asp = "training.consistency={kind: asp, workers: 3}";
const std::string local_sgd =
  "training.consistency={kind: local_sgd, replicas: 4, period: 1}";

// Ten steps an epoch are clocks of 4, 4 and 2: the last two replicas, whose trainer may
// be another, have no part in the last one.

/// Small batches: ten steps an epoch.
std::vector<std::string> training(const std::string& consistency,
                                  const std::string& epochs,
                                  const std::string& shape = "1") {
  return {consistency,
          "training.batch_users=12",
          "training.epochs=" + epochs,
          "training.validate.patience=never",
          "training.validate.every_epochs=20",
          "simulation=null",
          "cluster.processes=" + shape,
          "cluster.trainers=" + std::string{shape == "1" ? "1" : "2"},
          "cluster.parameter_servers=" + std::string{shape == "1" ? "1" : "2"}};
}

void check_steps(const small_experiment& experiment,
                 const std::string& name,
                 std::uint64_t count) {
  const auto steps = experiment.recorded_steps(name);
  REQUIRE(steps.size() == count);
  for (std::size_t i = 0; i < steps.size(); ++i)
    REQUIRE(steps[i] == i + 1);
}

/// Reproduces a run, and checks that it went the same way.
void check_reproduced(const small_experiment& experiment, const std::string& name) {
  const auto again = run_souk({"reproduce", experiment.in(name, ""), "--out",
                               experiment.in(name + "_again", "")});
  INFO(again.out << again.err);
  CHECK(again.exit_code == 0);
  CHECK(again.out.find("model: " + experiment.digest(name, "model") + " reproduced")
        != std::string::npos);
  CHECK(again.out.find("NOT") == std::string::npos);
}

} // namespace

SCENARIO("ssp of one worker in step has the digest of bsp",
         "[scenarios][consistency]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("bsp", training(bsp, "6")).exit_code == 0);
  const auto run = experiment.run("ssp", training(ssp_alone, "6", "3"));
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(experiment.digest("ssp", "model") == experiment.digest("bsp", "model"));
}

SCENARIO("consistencies with one answer have one digest on every cluster shape",
         "[scenarios][consistency]") {
  const small_experiment experiment;
  for (const auto& consistency : {ssp_in_step, local_sgd}) {
    INFO(consistency);
    const auto kind = consistency.substr(28, 3);
    REQUIRE(experiment.run(kind, training(consistency, "6")).exit_code == 0);
    for (const auto* shape : {"2", "3"})
      for (const auto* threads : {"1", "2"}) {
        auto overrides = training(consistency, "6", shape);
        overrides.push_back(std::string{"cluster.threads_per_trainer="} + threads);
        const auto name = kind + shape + threads;
        const auto run = experiment.run(name, overrides);
        INFO(run.err);
        REQUIRE(run.exit_code == 0);
        CHECK(experiment.digest(name, "model") == experiment.digest(kind, "model"));
        CHECK(experiment.digest(name, "results") == experiment.digest(kind, "results"));
        CHECK_FALSE(std::filesystem::exists(experiment.in(name, "orders")));
      }
  }
}

SCENARIO("consistencies with one answer keep it when the run is killed and resumed",
         "[scenarios][consistency]") {
  const small_experiment experiment;
  for (const auto& consistency : {ssp_in_step, local_sgd}) {
    INFO(consistency);
    const auto kind = consistency.substr(28, 3);
    REQUIRE(experiment.run(kind, training(consistency, "100")).exit_code == 0);
    const auto name = kind + "_killed";
    {
      souk_process run{experiment.arguments(name, training(consistency, "100", "3"))};
      REQUIRE(experiment.wait_for_checkpoint(name, run));
      if (const auto children = run.children(); !children.empty())
        kill(children.front(), SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
      run.signal(SIGKILL);
    }
    const auto resumed =
      experiment.run(name, training(consistency, "100", "2"), {"--resume"});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(experiment.digest(name, "model") == experiment.digest(kind, "model"));
    check_steps(experiment, name, 1000);
  }
}

SCENARIO("an asynchronous run is reproduced by the order that it logged",
         "[scenarios][consistency]") {
  const small_experiment experiment;
  for (const auto& consistency : {ssp, asp}) {
    INFO(consistency);
    const auto name = consistency.substr(28, 3);
    const auto run = experiment.run(name, training(consistency, "20", "3"));
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    check_reproduced(experiment, name);
    // Not by chance: the same things happened in the same order.
    const std::string entry = "orders/mult_vae.jsonl";
    const auto same_order = bytes_of(experiment.in(name + "_again", entry))
                            == bytes_of(experiment.in(name, entry));
    CHECK(same_order);
    const auto manifest = bytes_of(experiment.in(name, "manifest.json"));
    CHECK(manifest.find(entry) != std::string::npos);
    CHECK(manifest.find("\"one_answer\": false") != std::string::npos);
    CHECK(bytes_of(experiment.in(name, "results.json")).find("\"staleness\"")
          != std::string::npos);

    // An order that was tampered with is not followed.
    const auto path = experiment.in(name, entry);
    auto text = bytes_of(path);
    text[text.size() / 2] = text[text.size() / 2] == '1' ? '2' : '1';
    std::ofstream{path, std::ios::binary} << text;
    const auto refused = run_souk({"reproduce", experiment.in(name, ""), "--out",
                                   experiment.in(name + "_refused", "")});
    CHECK(refused.exit_code == 1);
    CHECK(refused.err.find("is damaged") != std::string::npos);
  }
}

SCENARIO("an asynchronous run that was killed and resumed is reproduced",
         "[scenarios][consistency]") {
  const small_experiment experiment;
  for (const auto& consistency : {ssp, asp}) {
    INFO(consistency);
    const auto name = consistency.substr(28, 3);
    {
      souk_process run{experiment.arguments(name, training(consistency, "100", "3"))};
      REQUIRE(experiment.wait_for_checkpoint(name, run));
      if (const auto children = run.children(); !children.empty())
        kill(children.front(), SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
      run.signal(SIGKILL);
    }
    // The order is told by range: with other ranges it would not go on.
    auto other = training(consistency, "100", "3");
    other.emplace_back("cluster.parameter_servers=3");
    const auto refused = experiment.run(name, other, {"--resume"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("cluster.parameter_servers=2") != std::string::npos);

    const auto resumed =
      experiment.run(name, training(consistency, "100", "2"), {"--resume"});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(bytes_of(experiment.in(name, "log.txt")).find("from the checkpoint")
          != std::string::npos);
    check_steps(experiment, name, 1000);
    check_reproduced(experiment, name);

    // A repetition mends itself as well.
    const auto hurt = name + "_hurt";
    souk_process again{
      {"reproduce", experiment.in(name, ""), "--out", experiment.in(hurt, "")}};
    REQUIRE(experiment.wait_for_checkpoint(hurt, again));
    if (const auto children = again.children(); !children.empty())
      kill(children.front(), SIGKILL);
    const auto end = again.wait();
    INFO(end.out << end.err);
    CHECK(end.exit_code == 0);
    CHECK(experiment.digest(hurt, "model") == experiment.digest(name, "model"));
  }
}

SCENARIO("check says how many trainers are possible", "[scenarios][consistency]") {
  const small_experiment experiment;
  const auto told = run_souk({"check", experiment.file(), "-s", ssp});
  CHECK(told.exit_code == 0);
  CHECK(told.err.find("ssp can use 1 to 12 trainers; the file's 1 become 3")
        != std::string::npos);
  const auto refused =
    run_souk({"check", experiment.file(), "-s", local_sgd, "-s", "cluster.trainers=5"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.find("replicas (4)") != std::string::npos);
}
