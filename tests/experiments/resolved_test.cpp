#include "experiments/config/resolved.hpp"

#include "tests/experiments/sample_experiment.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

/// The resolved file and its digest, after everything was read.
struct resolution {
  std::string text;
  std::string digest;
};

resolution resolve(const std::string& text,
                   const std::vector<std::string>& overrides = {}) {
  auto file = document::parse(text, "sample.yaml", overrides);
  read_sample(file);
  return {file.resolved(), file.digest_without_cluster()};
}

} // namespace

TEST_CASE("a resolved file names the layer of every leaf", "[experiments][config]") {
  const auto text = resolve(right_sample, {"training.epochs=5"}).text;
  CHECK_THAT(text, Contains("name: sample  # sample.yaml:2\n"));
  CHECK_THAT(text, Contains("  hidden: [600, 200]  # sample.yaml:5\n"));
  CHECK_THAT(text, Contains("  latent: 200  # default\n"));
  CHECK_THAT(text, Contains("  epochs: 5  # -s\n"));
  CHECK_THAT(text, Contains("  patience: 10  # default\n"));
  CHECK_THAT(text, Contains("    learning_rate: 0.001  # default\n"));
  CHECK_THAT(text, Contains("  tick: 1800000  # sample.yaml:11\n"));
  CHECK_THAT(text, Contains("baselines:\n"
                            "  - kind: popularity  # sample.yaml:10\n"
                            "  - kind: ease  # sample.yaml:10\n"
                            "    l2: 250  # sample.yaml:10\n"));
  CHECK_THAT(text, Contains("  history: [0, 1, 2, all]  # default\n"));
  CHECK_THAT(text, Contains("  columns: {}  # default\n"));
  CHECK_THAT(text, Contains("  key_file: null  # default\n"));
}

TEST_CASE("a resolved file resolves to the same values", "[experiments][config]") {
  const auto first = resolve(right_sample, {"training.patience=never"});
  const auto second = resolve(first.text);
  CHECK(second.digest == first.digest);
  CHECK_FALSE(first_difference(first.text, second.text, "second"));
  CHECK_FALSE(first_difference(second.text, resolve(second.text).text, "third"));
}

TEST_CASE("odd text survives being resolved", "[experiments][config]") {
  for (const auto* name : {"\"12\"", "\"yes\"", "'a: b # c'", "\"tab\\there\"",
                           "\"quote\\\" back\\\\slash\"", "\"\\x01\"", "caf\xC3\xA9",
                           "\"- x\"", "'{a}'", "' a '", "\"\\u00a0\""}) {
    const auto text = std::string{"souk: 1\nseed: 7\nmodel: {}\nname: "} + name + '\n';
    const auto once = sample_of(text).name;
    CHECK(sample_of(resolve(text).text).name == once);
  }
}

TEST_CASE("the digest sees values, not spelling, order, layers or the cluster",
          "[experiments][config]") {
  const std::string plain = "souk: 1\nname: sample\nseed: 7\nmodel: {latent: 200}\n";
  const auto digest = resolve(plain).digest;
  CHECK(resolve("seed: 7\nname: 'sample'\nmodel: {}\nsouk: +1 # a comment\n").digest
        == digest);
  CHECK(resolve(plain, {"model.dropout=0.50"}).digest == digest);
  CHECK(resolve(plain, {"training.consistency=bsp"}).digest == digest);
  CHECK(resolve(plain, {"cluster.trainers=4"}).digest == digest);
  CHECK(resolve(plain, {"model.dropout=0.25"}).digest != digest);
  CHECK(resolve(plain, {"name=\"'sample2'\""}).digest != digest);
  CHECK(resolve(plain, {"baselines=[ease]"}).digest != digest);
}

TEST_CASE("the first key that differs is named with both values",
          "[experiments][config]") {
  const auto here = resolve(right_sample).text;
  const auto there = [&here](const std::vector<std::string>& overrides) {
    return first_difference(here, resolve(right_sample, overrides).text, "there")
      .value_or("");
  };
  CHECK(there({"training.epochs=5"}) == "training.epochs: 5 there, 3 here");
  CHECK(there({"cluster.trainers=1"}).empty());
  CHECK(there({"model.hidden=[600]"}) == "model.hidden[1]: nothing there, 200 here");
  CHECK(there({"simulation=null"}) == "simulation: null there, nothing here");
}
