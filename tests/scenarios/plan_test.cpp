#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace souk::tests;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> plan_words(const small_experiment& experiment,
                                    const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{
    "plan",        experiment.file(), "--nodes",   "2..1024",
    "--bandwidth", "10Gbit",          "--latency", "50us"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Trains it in so many processes, as a profile wants it.
void train_for_profile(const small_experiment& experiment,
                       const std::string& name,
                       const std::string& processes,
                       const std::string& override = "training.blocks=4") {
  std::vector<std::string> words{"train", experiment.file(),         "-s", override,
                                 "--out", experiment.folder() / name};
  for (const auto* key : {"processes", "trainers", "parameter_servers"})
    for (const auto& word :
         {std::string{"-s"}, std::string{"cluster."} + key + '=' + processes})
      words.push_back(word);
  const auto trained = run_souk(words);
  INFO(trained.err);
  REQUIRE(trained.exit_code == 0);
}

} // namespace

SCENARIO("a plan measures short runs and speaks of many nodes", "[scenarios][plan]") {
  const small_experiment experiment;
  const auto planned =
    run_souk(plan_words(experiment, {"--out", experiment.folder() / "p"}));
  INFO(planned.err);
  REQUIRE(planned.exit_code == 0);
  CHECK_THAT(planned.out, Contains("measured, mult_vae") && Contains("1024 nodes *")
                            && Contains("bsp by_item") && Contains("extrapolated"));
  CHECK_THAT(bytes_of(experiment.in("p", "plan.json")), Contains("\"step_seconds\""));
}

SCENARIO("a plan from finished runs lands in their report", "[scenarios][plan]") {
  const small_experiment experiment;
  train_for_profile(experiment, "one", "1");
  train_for_profile(experiment, "two", "2");
  const auto one = experiment.folder() / "one";
  const auto planned = run_souk(
    plan_words(experiment, {"--profile", one, "--profile", experiment.folder() / "two",
                            "--out", one, "--json"}));
  INFO(planned.err);
  REQUIRE(planned.exit_code == 0);
  CHECK_THAT(planned.out, Contains("\"extrapolated\": true"));
  CHECK_THAT(bytes_of(experiment.in("one", "report.html")),
             Contains("\"checked_nodes_max\""));

  // Half a profile, another training's and none at all are refused.
  const auto half = run_souk(plan_words(experiment, {"--profile", one}));
  CHECK(half.exit_code == 2);
  CHECK_THAT(half.err, Contains("several processes"));
  const auto other = run_souk(
    plan_words(experiment, {"--profile", one, "-s", "training.batch_users=25"}));
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("another training") && Contains("batch_users"));
  const auto narrower =
    run_souk(plan_words(experiment, {"--profile", one, "-s", "math.isa=avx2"}));
  CHECK(narrower.exit_code == 2);
  CHECK_THAT(narrower.err, Contains("another training") && Contains("math.isa"));
  train_for_profile(experiment, "of_others", "2", "data.clean.min_user_events=10");
  const auto others = run_souk(plan_words(
    experiment, {"--profile", one, "--profile", experiment.folder() / "of_others"}));
  CHECK(others.exit_code == 2);
  CHECK_THAT(others.err, Contains("its data is not that of"));
  CHECK(run_souk(plan_words(experiment, {"--profile", experiment.folder() / "three"}))
          .exit_code
        == 2);
}

SCENARIO("a plan for no cluster is refused before anything runs", "[scenarios][plan]") {
  const small_experiment experiment;
  const auto refused = [&](const std::string& flag, const std::string& value) {
    auto words = plan_words(experiment);
    *(std::find(words.begin(), words.end(), flag) + 1) = value;
    const auto ended = run_souk(words);
    INFO(flag << ' ' << value << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Contains(flag));
  };
  refused("--nodes", "0..4");
  refused("--nodes", "2..2048");
  refused("--bandwidth", "10");
  refused("--bandwidth", "0GB");
  refused("--latency", "50");
  CHECK(run_souk(plan_words(experiment, {"-s", "model=ease"})).exit_code == 2);
  CHECK(run_souk(plan_words(experiment, {"--out", experiment.file()})).exit_code == 2);
}
