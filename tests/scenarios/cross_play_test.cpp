#include "data/session_log.hpp"
#include "data/user_values_file.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace souk;
using namespace souk::tests;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

/// Shoppers of three generators: factors, real users, and the model of another run.
std::vector<std::string> with_generators(const std::string& run,
                                         std::vector<std::string> more = {}) {
  std::vector<std::string> all{
    "simulation.population.from=[factors, bootstrap, {kind: " + run + ", name: vae}]",
    "simulation.population.history=real", "baselines=[popularity, ease, item_knn]",
    "simulation.policies=[popularity, ease, item_knn, mult_vae]"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace

SCENARIO("generators are set against policies", "[scenarios][cross_play]") {
  const small_experiment experiment;
  GIVEN("a finished run") {
    REQUIRE(experiment.run("vae", {"seed=77", "simulation=null"}).exit_code == 0);
    const auto run = experiment.in("vae", "");
    const auto alone = experiment.run("alone", with_generators(run));
    INFO(alone.err);
    REQUIRE(alone.exit_code == 0);

    THEN("each generator has worlds of its own, in the log and in rows") {
      std::set<std::uint16_t> worlds;
      for (const auto& record :
           data::read_session_log(experiment.in("alone", "sessions")).records)
        worlds.insert(record.world);
      CHECK(worlds == std::set<std::uint16_t>{0, 1, 2, 3, 4, 5});
      const auto results = bytes_of(experiment.in("alone", "results.json"));
      for (const auto* name : {"factors", "bootstrap", "vae"})
        CHECK_THAT(results, Contains("\"generator=" + std::string{name} + "\""));
      CHECK_THAT(results, Contains("\"own_kind_advantage\""));
      CHECK_THAT(results, Contains("\"kendall_tau(purchases_per_user, ndcg@100)\""));
      CHECK(data::read_user_values(experiment.in("alone", "evaluation.h5")).size()
            == 4 * 2); // models, metrics
    }

    THEN("other processes draw the same shoppers from the run's copy of the model") {
      fs::rename(run, experiment.in("vae-elsewhere", ""));
      CHECK(experiment
              .run("again", with_generators(run)) // refused: it is not there any more
              .exit_code
            == 2);
      fs::rename(experiment.in("vae-elsewhere", ""), run);
      const auto together = experiment.run(
        "together",
        with_generators(run, {"cluster.processes=3", "cluster.trainers=3"}));
      INFO(together.err);
      REQUIRE(together.exit_code == 0);
      for (const auto* kind : {"generators", "model", "sessions", "results"}) {
        CHECK_FALSE(experiment.digest("alone", kind).empty());
        CHECK(experiment.digest("together", kind) == experiment.digest("alone", kind));
      }
    }
  }

  GIVEN("a generator that is a policy itself") {
    REQUIRE(experiment.run("vae", {"simulation=null"}).exit_code == 0);
    const auto end =
      experiment.run("itself", with_generators(experiment.in("vae", "")));

    THEN("there is a warning") {
      REQUIRE(end.exit_code == 0);
      CHECK_THAT(end.err, Contains("vae is the policy mult_vae to the bit"));
    }
  }
}

SCENARIO("a model without a posterior is sure of its users",
         "[scenarios][cross_play]") {
  const small_experiment experiment;
  REQUIRE(
    experiment.run("ease", {"model=ease", "baselines=[]", "simulation=null"}).exit_code
    == 0);
  const auto end =
    experiment.run("shop", {"simulation.population.from=" + experiment.in("ease", "")});
  INFO(end.err);
  CHECK(end.exit_code == 0);
}

SCENARIO("a generator that is no finished run is refused before anything is written",
         "[scenarios][cross_play]") {
  const small_experiment experiment;
  const auto end = experiment.run("none", {"simulation.population.from=factor"});
  CHECK(end.exit_code == 2);
  CHECK_THAT(end.err, Contains("simulation.population.from") && Contains("factor")
                        && Contains("bootstrap"));
  CHECK_FALSE(fs::exists(experiment.in("none", "")));
}
