#include "experiments/config/layers.hpp"

#include "tests/experiments/refusals.hpp"
#include "tests/experiments/sample_experiment.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/working_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;
using souk::tests::working_directory;

namespace {

const std::string head = "souk: 1\nname: sample\nseed: 7\n";

sample_experiment loaded(const std::string& path,
                         const std::vector<std::string>& overrides = {}) {
  auto file = document::load(path, overrides);
  return read_sample(file);
}

} // namespace

SCENARIO("an experiment is laid over the blocks that it uses",
         "[experiments][config]") {
  GIVEN("a configs folder with a model block and an overlay") {
    const scratch_folder folder;
    folder.write("configs/model/wide.yaml",
                 "latent: 64\nhidden: [1000]\nkl: {cap: 0.3}\n");
    folder.write("configs/model/ease.yaml", "kind: ease\n");
    folder.write("configs/debug/short.yaml",
                 "training: {epochs: 1}\nmodel: {latent: 2}\n");
    const auto path =
      folder.write("configs/experiment/first.yaml", head
                                                      + "use: {model: wide}\n"
                                                        "model: {hidden: [300]}\n"
                                                        "training: {epochs: 9}\n");
    THEN("the file wins over the block, key by key") {
      const auto read = loaded(path);
      CHECK(read.latent == 64);
      CHECK(read.hidden == std::vector<std::uint32_t>{300});
      CHECK(read.kl_cap == 0.3);
    }
    THEN("an overlay wins over the file, and an override over all") {
      const auto read = loaded(path, {"use.debug=short", "model.latent=5"});
      CHECK(read.epochs == 1);
      CHECK(read.latent == 5);
      CHECK(read.hidden == std::vector<std::uint32_t>{300});
    }
    THEN("the command line can choose another block") {
      const auto said = refusal_of([&] { loaded(path, {"use.model=ease"}); });
      CHECK_THAT(said, Contains("first.yaml:5:9: model.hidden: unknown key"));
    }
    THEN("errors in a block name the block's file") {
      folder.write("configs/model/wide.yaml", "latent: sixty\n");
      CHECK_THAT(
        refusal_of([&] { loaded(path); }),
        Contains("configs/model/wide.yaml:1:9: model.latent: must be a whole"));
    }
    THEN("a name that no block has is answered with the nearest") {
      CHECK_THAT(refusal_of([&] { loaded(path, {"use.model=wied"}); }),
                 Contains("-s use.model=wied: use.model: names no file")
                   && Contains("did you mean \"wide\"?"));
    }
    THEN("blocks cannot use blocks") {
      folder.write("configs/model/wide.yaml", "use: {model: ease}\n");
      CHECK_THAT(refusal_of([&] { loaded(path); }),
                 Contains("wide.yaml:1:1: a block cannot use other blocks"));
    }
  }
}

TEST_CASE("blocks are also looked for in the working directory's configs",
          "[experiments][config]") {
  const scratch_folder folder;
  folder.write("work/configs/model/wide.yaml", "latent: 64\n");
  const auto path =
    folder.write("elsewhere/mine.yaml", head + "use: {model: wide}\nmodel: {}\n");
  const working_directory inside{folder / "work"};
  CHECK(loaded(path).latent == 64);
  CHECK(loaded("../elsewhere/mine.yaml").latent == 64);
}

TEST_CASE("a map of another kind is replaced as a whole", "[experiments][config]") {
  const auto file = head + "model: {kind: mult_vae, latent: 3, kl: {cap: 1}}\n";
  CHECK(sample_of(file, {"model.kind=ease"}).kind == "ease");
  CHECK(sample_of(file, {"model.kind=mult_vae"}).latent == 3);
}

TEST_CASE("the order of overrides matters only for one key", "[experiments][config]") {
  const auto file = head + "model: {}\ntraining: {consistency: bsp}\n";
  for (const auto& overrides :
       {std::vector<std::string>{"training.consistency.staleness=3",
                                 "training.consistency.kind=ssp"},
        std::vector<std::string>{"training.consistency.kind=ssp",
                                 "training.consistency.staleness=3"}}) {
    const auto read = sample_of(file, overrides);
    CHECK(read.consistency == sample_consistency::ssp);
    CHECK(read.staleness == 3);
  }
  CHECK(sample_of(file, {"seed=1", "seed=2"}).seed == 2);
}

TEST_CASE("an override below a word keeps the word as its kind",
          "[experiments][config]") {
  const auto read = sample_of(head + "model: {}\ntraining: {consistency: ssp}\n",
                              {"training.consistency.staleness=5"});
  CHECK(read.consistency == sample_consistency::ssp);
  CHECK(read.staleness == 5);
}

TEST_CASE("overrides take lists and maps in brackets", "[experiments][config]") {
  const auto read =
    sample_of(right_sample,
              {"model.hidden=[5, 6]", "baselines=[{kind: item_knn, neighbours: 3}]"});
  CHECK(read.hidden == std::vector<std::uint32_t>{5, 6});
  REQUIRE(read.baselines.size() == 1);
  CHECK(read.baselines[0].neighbours == 3);
}

TEST_CASE("wrong overrides are refused by their own text", "[experiments][config]") {
  const auto said = [](const std::string& text) {
    const auto refusal = refusal_of([&text] { sample_of(right_sample, {text}); });
    CHECK(refusal.find("-s " + text.substr(0, 20)) == 0);
    CHECK(refusal.find('\n') == std::string::npos);
    return refusal;
  };
  CHECK_THAT(said("training.epochs"), Contains("has no value; write -s key=value"));
  CHECK_THAT(said("training.epochs="), Contains("has no value"));
  CHECK_THAT(said("=3"), Contains("has no key"));
  CHECK_THAT(said("training..epochs=3"), Contains("has no key"));
  CHECK_THAT(said("training.epoch=3"),
             Contains("training.epoch: unknown key; did you mean \"epochs\"?"));
  CHECK_THAT(said("training.epochs=three"), Contains("must be a whole number"));
  CHECK_THAT(said("baselines[0]=ease"), Contains("give the whole list"));
  CHECK_THAT(said("baselines.x=ease"),
             Contains("baselines: must be a list, not a map"));
  CHECK_THAT(said("name=a: b"), Contains("stand in brackets"));
  CHECK_THAT(said("name=[1"), Contains("close the bracket"));
  CHECK_THAT(said("name='a"), Contains("is not YAML"));
  CHECK_THAT(said("a.b.c.d=1"), Contains("a: unknown key"));
}
