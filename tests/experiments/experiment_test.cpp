#include "experiments/experiment.hpp"

#include "core/error.hpp"
#include "experiments/config/document.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk;
using namespace souk::experiments;

namespace {

constexpr auto smallest = "souk: 1\n"
                          "name: smallest\n"
                          "seed: 1\n"
                          "data:\n"
                          "  source: {kind: movielens, path: tests}\n";

experiment read(const std::string& text) {
  auto file = document::parse(text, "test.yaml");
  return read_experiment(file);
}

std::string refusal_of(const std::string& text) {
  try {
    read(text);
  } catch (const core::error& refused) {
    CHECK(refused.whom() == core::blame::request);
    return refused.what();
  }
  return "nothing was refused";
}

} // namespace

TEST_CASE("an experiment needs a version, a name, a seed and a source",
          "[experiments][experiment]") {
  const auto made = read(smallest);
  CHECK(made.name == "smallest");
  CHECK(made.seed == 1);
  CHECK_FALSE(made.model);
  CHECK_FALSE(made.simulation);
  CHECK(made.cluster.processes == 1);
  CHECK_THAT(refusal_of("souk: 1\nname: x\nseed: 1\n"), Catch::Contains("data"));
  CHECK_THAT(refusal_of("name: x\n"), Catch::Contains("souk"));
}

TEST_CASE("models are known by their names", "[experiments][experiment]") {
  const auto made = read(std::string{smallest}
                         + "model: mult_vae\n"
                           "baselines: [popularity, {kind: item_knn, neighbours: 20},\n"
                           "            {kind: item_knn, name: wide_knn}]\n");
  REQUIRE(made.all_models().size() == 4);
  CHECK(made.all_models()[0].name == "mult_vae");
  CHECK(made.all_models()[2].options.neighbours == 20);
  CHECK(made.all_models()[3].name == "wide_knn");

  CHECK_THAT(refusal_of(std::string{smallest} + "baselines: [ease, ease]\n"),
             Catch::Contains("baselines[1]") && Catch::Contains("name:"));
  CHECK_THAT(refusal_of(std::string{smallest} + "model: {kind: ease, hidden: [3]}\n"),
             Catch::Contains("hidden"));
}

TEST_CASE("a cluster has at most as many trainers as blocks",
          "[experiments][experiment]") {
  CHECK(read(std::string{smallest} + "cluster: {trainers: 4}\n").cluster.trainers == 4);
  CHECK_THAT(refusal_of(std::string{smallest} + "cluster: {trainers: 5}\n"),
             Catch::Contains("cluster.trainers") && Catch::Contains("blocks"));
}

TEST_CASE("gradients are compressed as the file says",
          "[experiments][experiment][compression]") {
  using models::compression_kind;
  const auto compression = [](const std::string& text) {
    return read(std::string{smallest} + "training: {compression: " + text + "}\n")
      .training.compression;
  };
  CHECK(read(smallest).training.compression.kind == compression_kind::none);
  CHECK(compression("{kind: none}").kind == compression_kind::none);
  CHECK(compression("bf16").kind == compression_kind::bf16);
  const auto top = compression("{kind: top_k, fraction: 0.02}");
  CHECK(top.kind == compression_kind::top_k);
  CHECK(top.fraction == 0.02);

  const auto refusal = [](const std::string& text) {
    return refusal_of(std::string{smallest} + "training: {compression: " + text
                      + "}\n");
  };
  for (const std::string fraction : {"0", "-1"})
    CHECK_THAT(refusal("{kind: top_k, fraction: " + fraction + "}"),
               Catch::Contains("test.yaml:6:49: training.compression.fraction")
                 && Catch::Contains("must be positive") && Catch::Contains("; write"));
  CHECK_THAT(refusal("{kind: top_k, fraction: 1.5}"),
             Catch::Contains("test.yaml:6:49: training.compression.fraction")
               && Catch::Contains("at most 1"));
  CHECK_THAT(refusal("{kind: top_k}"), Catch::Contains("test.yaml:6:25")
                                         && Catch::Contains("fraction: is missing")
                                         && Catch::Contains("add \"fraction: ...\""));
  CHECK_THAT(refusal("{kind: topk}"), Catch::Contains("did you mean \"top_k\""));
  CHECK_THAT(refusal("{kind: bf16, fraction: 0.1}"), Catch::Contains("unknown key"));
}

TEST_CASE("policies are models of the file", "[experiments][experiment]") {
  const auto refused =
    refusal_of(std::string{smallest}
               + "model: mult_vae\n"
                 "simulation: {catalogue: {from: dataset}, policies: [mult_vea]}\n");
  CHECK_THAT(refused, Catch::Contains("simulation.policies[0]")
                        && Catch::Contains("did you mean \"mult_vae\""));
}

TEST_CASE("what only the simulator can check is refused with its place",
          "[experiments][experiment]") {
  const auto refused =
    refusal_of(std::string{smallest} + "simulation: {tick: 7, policies: [random]}\n");
  CHECK_THAT(refused, Catch::Contains("test.yaml:") && Catch::Contains("tick"));
}

TEST_CASE("every file under configs/experiment is an experiment",
          "[experiments][experiment]") {
  for (const auto& entry : std::filesystem::directory_iterator{"configs/experiment"}) {
    INFO(entry.path().string());
    // The data need not be there: any folder will do to check the rest.
    auto file = document::load(entry.path().string());
    const auto simulated = file.resolved().find("kind: simulated") != std::string::npos;
    auto there = simulated
                   ? document::load(entry.path().string())
                   : document::load(entry.path().string(), {"data.source.path=tests"});
    const auto made = read_experiment(there);
    CHECK_FALSE(made.name.empty());
    // The resolved file means the same.
    auto again = document::parse(there.resolved(), "resolved.yaml");
    read_experiment(again);
    CHECK(again.digest_without_cluster() == there.digest_without_cluster());
  }
}
