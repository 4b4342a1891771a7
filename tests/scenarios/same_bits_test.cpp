#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

using namespace souk::tests;

SCENARIO("one file has one digest on every cluster shape", "[scenarios][same_bits]") {
  const small_experiment experiment;
  const auto reference = experiment.run("reference");
  INFO(reference.err);
  REQUIRE(reference.exit_code == 0);
  const auto model = experiment.digest("reference", "model");
  const auto sessions = experiment.digest("reference", "sessions");
  const auto results = experiment.digest("reference", "results");
  REQUIRE_FALSE(model.empty());
  REQUIRE_FALSE(sessions.empty());
  REQUIRE_FALSE(results.empty());

  for (const auto trainers : {1, 2, 3, 4})
    for (const auto servers : {1, 2, 3})
      for (const auto processes : {1, 3})
        for (const auto threads : {1, 2}) {
          const auto name = "t" + std::to_string(trainers) + "s"
                            + std::to_string(servers) + "p" + std::to_string(processes)
                            + "x" + std::to_string(threads);
          INFO(name);
          // Sessions once per number of processes: the policies' models are the same.
          const auto simulate = trainers == 2 && servers == 2 && threads == 1;
          std::vector<std::string> overrides{
            "cluster.trainers=" + std::to_string(trainers),
            "cluster.parameter_servers=" + std::to_string(servers),
            "cluster.processes=" + std::to_string(processes),
            "cluster.threads_per_trainer=" + std::to_string(threads),
            "cluster.data_shards=" + std::to_string(1 + trainers % 3)};
          if (!simulate)
            overrides.emplace_back("simulation=null");
          if (threads == 2) // tensors go over TCP then
            overrides.emplace_back("cluster.shared_memory=false");
          const auto run = experiment.run(name, overrides);
          INFO(run.err);
          REQUIRE(run.exit_code == 0);
          CHECK(experiment.digest(name, "model") == model);
          if (simulate) {
            CHECK(experiment.digest(name, "sessions") == sessions);
            CHECK(experiment.digest(name, "results") == results);
          }
        }
}

SCENARIO("compressed training has one digest on every cluster shape",
         "[scenarios][same_bits][compression]") {
  const small_experiment experiment;
  for (const std::string kind : {"bf16", "{kind: top_k, fraction: 0.05}"}) {
    INFO(kind);
    std::string reference;
    for (const std::string shape : {"1", "3"}) {
      const auto name = kind.substr(0, 1) + shape;
      const auto run = experiment.run(
        name,
        {"simulation=null", "training.compression=" + kind, "cluster.trainers=" + shape,
         "cluster.parameter_servers=" + shape, "cluster.processes=" + shape});
      INFO(run.err);
      REQUIRE(run.exit_code == 0);
      CHECK(bytes_of(experiment.in(name, "results.json")).find("bytes_pushed_per_step")
            != std::string::npos);
      if (reference.empty())
        reference = experiment.digest(name, "model");
      CHECK(experiment.digest(name, "model") == reference);
    }
  }
}

SCENARIO("users of published models have one digest on every cluster shape",
         "[scenarios][same_bits]") {
  const small_experiment experiment;
  for (const std::string preset : {"reco_gym", "recsim_interest_evolution"}) {
    INFO(preset);
    std::string reference;
    for (const std::string shape : {"1", "2", "3"}) {
      const auto name = preset + shape;
      // Cohorts of different sizes, too.
      const auto run =
        run_souk({"run", "configs/experiment/" + preset + ".yaml", "-s",
                  "simulation.population={users: 301, cohort: 1" + shape + "0}", "-s",
                  "cluster.processes=" + shape, "--out", experiment.folder() / name});
      INFO(run.err);
      REQUIRE(run.exit_code == 0);
      if (reference.empty())
        reference = experiment.digest(name, "sessions");
      REQUIRE_FALSE(reference.empty());
      CHECK(experiment.digest(name, "sessions") == reference);
    }
  }
}

SCENARIO(
  "models that learnt from users of reco-gym serve them alike on every cluster shape",
  "[scenarios][same_bits]") {
  const small_experiment experiment;
  std::string reference;
  for (const std::string shape : {"1", "2"}) {
    const auto run = run_souk(
      {"run", "configs/experiment/reco_gym_learners.yaml", "-s", "training.epochs=2",
       "-s",
       "data={source: {kind: simulated, users: 1500}, split: {held_out_users: 50}}",
       "-s", "simulation.worlds=1", "-s", "simulation.reco_gym.products=30", "-s",
       "simulation.population={users: 301, cohort: 1" + shape + "0}", "-s",
       "cluster.processes=" + shape, "-s", "cluster.trainers=" + shape, "--out",
       experiment.folder() / shape});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto digests =
      experiment.digest(shape, "model") + " " + experiment.digest(shape, "sessions");
    if (reference.empty())
      reference = digests;
    REQUIRE(reference.size() > 1);
    CHECK(digests == reference);
  }
}

SCENARIO("another seed has another digest", "[scenarios][same_bits]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("one", {"simulation=null"}).exit_code == 0);
  REQUIRE(experiment.run("other", {"simulation=null", "seed=43"}).exit_code == 0);
  CHECK(experiment.digest("one", "model") != experiment.digest("other", "model"));
}

SCENARIO("more trainers than blocks are refused", "[scenarios][same_bits]") {
  const small_experiment experiment;
  const auto refused =
    run_souk({"check", experiment.file(), "-s", "cluster.trainers=5"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.find("cluster.trainers") != std::string::npos);
  CHECK(refused.err.find("blocks") != std::string::npos);
}
