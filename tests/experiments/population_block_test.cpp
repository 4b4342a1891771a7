#include "tests/experiments/whole_files.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;

namespace {

std::string with(const std::string& population,
                 const std::string& catalogue = "dataset") {
  return std::string{smallest} + "baselines: [ease]\n"
         + "simulation:\n  catalogue: {from: " + catalogue + "}\n  population: {"
         + population + "}\n  policies: [random]\n";
}

sim::population_options population_of(const std::string& text) {
  return read(with(text)).simulation->population;
}

} // namespace

TEST_CASE("shoppers come from factors unless the file says otherwise",
          "[experiments][population_block]") {
  const auto population = population_of("users: 10");
  REQUIRE(population.from.size() == 1);
  CHECK(population.from[0].kind == "factors");
  CHECK(population.from[0].name == "factors");
  CHECK(population.history == "none");
}

TEST_CASE("a single generator needs no list", "[experiments][population_block]") {
  CHECK(population_of("from: bootstrap").from.at(0).kind == "bootstrap");
  const auto weighed = population_of("from: {kind: bootstrap, wanted: 6.5}");
  CHECK(weighed.from.at(0).wanted == 6.5);
}

TEST_CASE("a word that is no kind of generator is the path of a run",
          "[experiments][population_block]") {
  const auto run = population_of("from: runs/first-vae/").from.at(0);
  CHECK(run.kind == "run");
  CHECK(run.path == "runs/first-vae/");
  CHECK(run.name == "first-vae");
  const auto file = population_of("from: {kind: run, path: kept/model.h5}").from.at(0);
  CHECK(file.path == "kept/model.h5");
  CHECK(file.name == "model");
}

TEST_CASE("a list sets generators against each other",
          "[experiments][population_block]") {
  const auto all =
    population_of("from: [factors, bootstrap, {kind: runs/a, name: vae}], "
                  "history: real");
  REQUIRE(all.from.size() == 3);
  CHECK(all.from[2].name == "vae");
  CHECK(all.history == "real");
}

TEST_CASE("generators that cannot be are refused", "[experiments][population_block]") {
  CHECK_THAT(refusal_of(with("from: [factors, factors]")),
             Catch::Contains("simulation.population.from")
               && Catch::Contains("two of the same name: factors"));
  CHECK_THAT(refusal_of(with("from: []")), Catch::Contains("is empty"));
  CHECK_THAT(refusal_of(with("from: {kind: run}")),
             Catch::Contains("simulation.population.from[0].path"));
  CHECK_THAT(refusal_of(with("from: {kind: runs/x, name: 'a/b'}")),
             Catch::Contains("is no name for a file"));
  CHECK_THAT(refusal_of(with("history: invented")),
             Catch::Contains("simulation.population.history"));
  CHECK_THAT(refusal_of(with("from: {kind: factors, wanted: 3}")),
             Catch::Contains("unknown key"));
}

TEST_CASE("a generated shop has no real people behind it",
          "[experiments][population_block]") {
  CHECK_THAT(refusal_of(with("from: bootstrap", "generated")),
             Catch::Contains("simulation.population.from")
               && Catch::Contains("no meaning in a generated shop"));
  CHECK_THAT(refusal_of(with("history: real", "generated")),
             Catch::Contains("simulation.population.history"));
}

TEST_CASE("nobody learns from copies of a few real users",
          "[experiments][population_block]") {
  auto text = with("from: [factors, bootstrap]");
  text.replace(text.find("[random]"), 8, "[{kind: ease, retrain_every: 1d}]");
  CHECK_THAT(refusal_of(text), Catch::Contains("retrain_every")
                                 && Catch::Contains("copies of the few real users"));
}

TEST_CASE("a wish has a size, and a generator a name",
          "[experiments][population_block]") {
  CHECK_THAT(refusal_of(with("from: {kind: bootstrap, wanted: -3}")),
             Catch::Contains("simulation.population.from[0].wanted"));
  CHECK_THAT(refusal_of(with("from: {kind: bootstrap, wanted: 1.0e300}")),
             Catch::Contains("wanted"));
  CHECK_THAT(refusal_of(with("from: ['two words']")), Catch::Contains("needs a name"));
}

TEST_CASE("runs of several seeds can have one split",
          "[experiments][population_block]") {
  auto text = std::string{smallest} + "  split: {held_out_users: 9, seed: 12}\n";
  CHECK(read(text).data->split.seed == 12);
  CHECK_FALSE(read(smallest).data->split.seed.has_value());
}

TEST_CASE("names that results have a meaning for are no policies",
          "[experiments][population_block]") {
  for (const std::string name : {"real", "all"}) {
    auto text = with("users: 10");
    text.replace(text.find("[random]"), 8, "[{kind: random, name: " + name + "}]");
    CHECK_THAT(refusal_of(text), Catch::Contains("simulation.policies[0].name"));
    CHECK_THAT(
      refusal_of(std::string{smallest} + "model: {kind: ease, name: " + name + "}\n"),
      Catch::Contains("is no name for a model"));
  }
}
