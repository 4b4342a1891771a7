#include "experiments/config/section.hpp"

#include "tests/experiments/refusals.hpp"
#include "tests/experiments/sample_experiment.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

const std::string minimum = "souk: 1\nname: sample\nseed: 7\nmodel: {}\n";

} // namespace

TEST_CASE("what a file says is read, and what it leaves out keeps its default",
          "[experiments][config]") {
  const auto read = sample_of(right_sample);
  CHECK(read.name == "sample");
  CHECK(read.seed == 7);
  CHECK(read.hidden == std::vector<std::uint32_t>{600, 200});
  CHECK(read.kl_cap == 0.1);
  CHECK(read.epochs == 3);
  CHECK(read.consistency == sample_consistency::ssp);
  CHECK(read.staleness == 2);
  CHECK(read.tick == 30 * 60 * 1000);
  CHECK(read.days == 14U);
  CHECK(read.trainers == 2);
  CHECK(read.latent == 200);
  CHECK(read.patience == 10U);
  CHECK(read.html);
}

TEST_CASE("a word stands for a map that only has this kind", "[experiments][config]") {
  const auto read = sample_of(right_sample);
  REQUIRE(read.baselines.size() == 2);
  CHECK(read.baselines[0].kind == "popularity");
  CHECK(read.baselines[1].kind == "ease");
  CHECK(read.baselines[1].l2 == 250);
  CHECK(sample_of(minimum + "training: {consistency: ssp}\n").consistency
        == sample_consistency::ssp);
}

TEST_CASE("an optional value can be null or the word that its key has for that",
          "[experiments][config]") {
  const auto patience = [](const std::string& value) {
    return sample_of(minimum + "training: {patience: " + value + "}\n").patience;
  };
  CHECK(patience("never") == std::nullopt);
  CHECK(patience("null") == std::nullopt);
  CHECK(patience("~") == std::nullopt);
  CHECK(patience("3") == 3U);
  CHECK_THAT(refusal_of([&] { patience("0"); }), Contains("must be positive"));
  CHECK_THAT(refusal_of([&] { patience("\"never\""); }), Contains("whole number"));
  const auto history =
    sample_of(minimum + "evaluation: {history: [0, 5, all]}\n").history;
  CHECK(history == std::vector<std::optional<std::uint32_t>>{0, 5, std::nullopt});
}

TEST_CASE("maps take any key and values of one type", "[experiments][config]") {
  const auto read = sample_of(minimum + "data: {columns: {user: uid, item: sid}}\n");
  CHECK(read.columns
        == std::map<std::string, std::string>{{"item", "sid"}, {"user", "uid"}});
  CHECK_THAT(
    refusal_of([] { sample_of(minimum + "data: {columns: {user: [a]}}\n"); }),
    Contains("sample.yaml:5:24: data.columns.user: must be one value, not a list"));
}

TEST_CASE("seeds may use all 64 bits", "[experiments][config]") {
  CHECK(sample_of(minimum, {"seed=18446744073709551615"}).seed
        == 18446744073709551615ULL);
  CHECK_THAT(refusal_of([] { sample_of(minimum, {"seed=18446744073709551616"}); }),
             Contains("is out of range"));
}

TEST_CASE("a block that is not there, or null, is absent", "[experiments][config]") {
  CHECK_FALSE(sample_of(minimum).days);
  CHECK_FALSE(sample_of(right_sample, {"simulation=null"}).days);
}

TEST_CASE("other rooms can complain at a key's place", "[experiments][config]") {
  auto file = document::parse(right_sample, "sample.yaml");
  read_sample(file);
  CHECK(file.error_at("simulation.days", "is too long", "use 7").what()
        == std::string{"sample.yaml:11:20: simulation.days: is too long; use 7"});
  CHECK(file.error_at("baselines[1].l2", "is odd").what()
        == std::string{"sample.yaml:10:42: baselines[1].l2: is odd"});
  CHECK_THAT(file.error_at("training.blocks", "are too few").what(),
             Contains("sample.yaml:8:3: training.blocks: are too few"));
  CHECK(file.error_at("", "has no data", "add some").what()
        == std::string{"sample.yaml:1:1: has no data; add some"});
  CHECK(file.error_at("model", "is new").whom() == souk::core::blame::request);
}

TEST_CASE("a key that no reader asked for is found wherever it is",
          "[experiments][config]") {
  // The reader of `optimiser` in the sample forgets to finish its section.
  const auto said =
    refusal_of([] { sample_of(minimum + "training: {optimiser: {momentum: 1}}\n"); });
  CHECK_THAT(said,
             Contains("sample.yaml:5:24: training.optimiser.momentum: unknown key"));
}
