#include "tests/experiments/whole_files.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk;
using namespace souk::experiments;

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

TEST_CASE("a published model of users is a preset with a block of its own",
          "[experiments][experiment]") {
  const std::string head = "souk: 1\nname: users\nseed: 1\nsimulation:\n";
  const auto gym = read(head
                        + "  preset: reco_gym\n"
                          "  reco_gym: {products: 1000, sigma_omega: 0.2}\n");
  CHECK(gym.simulation->reco_gym.products == 1000);
  CHECK(gym.simulation->reco_gym.sigma_omega == 0.2);
  CHECK(gym.simulation->reco_gym.organic_to_bandit == 0.25);
  CHECK(gym.simulation->slate_size == 1);
  const auto evolution = read(head + "  preset: interest_evolution\n  slate_size: 2\n");
  CHECK(evolution.simulation->slate_size == 2);
  CHECK(evolution.simulation->interest_evolution.candidates == 10);

  // What only shoppers of ours have is an unknown key.
  CHECK_THAT(refusal_of(head + "  preset: reco_gym\n  catalogue: {items: 3}\n"),
             Catch::Contains("simulation.catalogue"));
  CHECK_THAT(refusal_of(head + "  preset: reco_gym\n  policies: [reference]\n"),
             Catch::Contains("test.yaml:6:13") && Catch::Contains("names reference"));
  CHECK_THAT(refusal_of(head + "  preset: reco_gym\n  reco_gym: {sigma_mu: 1000}\n"),
             Catch::Contains("reco_gym.sigma_mu"));
  CHECK_THAT(refusal_of(head
                        + "  preset: interest_evolution\n"
                          "  interest_evolution: {candidates: 10, documents: 9}\n"),
             Catch::Contains("interest_evolution.documents"));
}

TEST_CASE("a generated shop needs no data as long as nobody learns",
          "[experiments][experiment]") {
  const std::string head = "souk: 1\nname: shop\nseed: 1\n";
  const std::string shop = head
                           + "simulation:\n"
                             "  catalogue: {from: generated}\n"
                             "  policies: [random, popularity, reference]\n";
  const auto made = read(shop);
  CHECK_FALSE(made.data);
  CHECK(made.simulation->policies.size() == 3);

  CHECK_THAT(refusal_of(head), Catch::Contains("neither data: nor simulation:"));
  CHECK_THAT(refusal_of(shop + "model: ease\n"),
             Catch::Contains("model") && Catch::Contains("no data"));
  CHECK_THAT(refusal_of(shop + "baselines: [ease]\n"), Catch::Contains("baselines"));
  CHECK_THAT(refusal_of(shop + "evaluation: {}\n"), Catch::Contains("evaluation"));
  CHECK_THAT(refusal_of(head + "simulation: {catalogue: {from: dataset}}\n"),
             Catch::Contains("4:32: simulation.catalogue.from"));
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

  const auto svd = read(std::string{smallest}
                        + "model: {kind: pure_svd, factors: 7}\nbaselines: [{kind: "
                          "pure_svd, name: more}]\n");
  CHECK(svd.all_models()[0].options.factors == 7);
  CHECK(svd.all_models()[1].options.factors == 64);
  CHECK_THAT(
    refusal_of(std::string{smallest} + "model: {kind: pure_svd, factors: 0}\n"),
    Catch::Contains("test.yaml") && Catch::Contains("factors"));
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

TEST_CASE("trainings are as consistent as the file says",
          "[experiments][experiment][consistency]") {
  using actors::consistency_kind;
  const auto with = [](const std::string& text) {
    return std::string{smallest} + "training: {consistency: " + text + "}\n";
  };
  const auto consistency = [&](const std::string& text) {
    return read(with(text)).training.consistency;
  };
  CHECK(read(smallest).training.consistency.kind == consistency_kind::bsp);
  CHECK(consistency("bsp").workers == 1);
  const auto ssp = consistency("{kind: ssp, workers: 3, staleness: 2}");
  CHECK(ssp.kind == consistency_kind::ssp);
  CHECK(ssp.workers == 3);
  CHECK(ssp.staleness == 2);
  CHECK_FALSE(ssp.has_one_answer());
  CHECK(consistency("{kind: ssp, workers: 3, staleness: 0}").has_one_answer());
  CHECK_FALSE(consistency("{kind: asp, workers: 2}").has_one_answer());
  const auto local = consistency("{kind: local_sgd, replicas: 4, period: 20}");
  CHECK(local.workers == 4);
  CHECK(local.period == 20);
  CHECK(local.has_one_answer());
  CHECK(local.outer.learning_rate == 0.7);
  CHECK(local.outer.momentum == 0.9);
  const auto outer = consistency(
    "{kind: local_sgd, replicas: 2, period: 1, outer: {kind: nesterov, learning_rate: "
    "1.0, momentum: 0}}");
  CHECK(outer.outer.learning_rate == 1);
  CHECK(outer.outer.momentum == 0);

  for (const auto& [text, complaint] : std::vector<std::pair<std::string, std::string>>{
         {"ssp", "consistency.workers: is missing"},
         {"{kind: ssp, workers: 2}", "consistency.staleness: is missing"},
         {"{kind: ssp, workers: 0, staleness: 1}", "must be positive"},
         {"{kind: ssp, workers: 2, staleness: -1}", "staleness"},
         {"{kind: asp, workers: 2, staleness: 1}", "unknown key"},
         {"{kind: asp, workers: 5000}", "at most 1024"},
         {"{kind: local_sgd, replicas: 2}", "consistency.period: is missing"},
         {"{kind: local_sgd, replicas: 2, period: 0}", "must be positive"},
         {"{kind: local_sgd, replicas: 2, period: 2, outer: {kind: adam}}", "nesterov"},
         {"{kind: local_sgd, replicas: 2, period: 2, outer: {momentum: 1}}",
          "momentum"},
         {"{kind: bsp, workers: 2}", "unknown key"}})
    CHECK_THAT(refusal_of(with(text)), Catch::Contains(complaint));
}

TEST_CASE("what has no meaning under a consistency is refused",
          "[experiments][experiment][consistency]") {
  const auto refusal = [](const std::string& consistency, const std::string& kind) {
    return refusal_of(std::string{smallest} + "training: {consistency: " + consistency
                      + ", compression: " + kind + "}\n");
  };
  const std::string ssp = "{kind: ssp, workers: 2, staleness: 1}";
  CHECK_THAT(refusal(ssp, "{kind: top_k, fraction: 0.1}"),
             Catch::Contains("training.compression") && Catch::Contains("use bf16"));
  for (const std::string kind : {"bf16", "{kind: top_k, fraction: 0.1}"})
    CHECK_THAT(refusal("{kind: local_sgd, replicas: 2, period: 2}", kind),
               Catch::Contains("training.compression")
                 && Catch::Contains("none are sent"));
  CHECK_THAT(refusal_of(std::string{smallest} + "training: {consistency: " + ssp
                        + ", placement: {kind: by_item, ranges: 4}}\n"),
             Catch::Contains("training.placement") && Catch::Contains("or bsp"));
  CHECK(read(std::string{smallest} + "training: {consistency: " + ssp
             + ", compression: bf16}\n")
          .training.compression.kind
        == models::compression_kind::bf16);
}

TEST_CASE("a cluster has at most as many trainers as can have work",
          "[experiments][experiment][consistency]") {
  const auto with = [](const std::string& consistency, int trainers) {
    return std::string{smallest} + "training: {consistency: " + consistency
           + "}\ncluster: {trainers: " + std::to_string(trainers) + "}\n";
  };
  const std::string ssp = "{kind: ssp, workers: 2, staleness: 1}"; // of 4 blocks
  CHECK(read(with(ssp, 8)).cluster.trainers == 8);
  CHECK_THAT(refusal_of(with(ssp, 9)),
             Catch::Contains("cluster.trainers") && Catch::Contains("at most 8"));
  const std::string local = "{kind: local_sgd, replicas: 3, period: 2}";
  CHECK(read(with(local, 3)).cluster.trainers == 3);
  CHECK_THAT(refusal_of(with(local, 4)),
             Catch::Contains("cluster.trainers") && Catch::Contains("replicas"));
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
    const auto resolved = file.resolved();
    const auto has = [&](const char* text) {
      return resolved.find(text) != std::string::npos;
    };
    const auto needs_files = has("data:") && !has("kind: simulated");
    auto there = needs_files
                   ? document::load(entry.path().string(), {"data.source.path=tests"})
                   : document::load(entry.path().string());
    const auto made = read_experiment(there);
    CHECK_FALSE(made.name.empty());
    // The resolved file means the same.
    auto again = document::parse(there.resolved(), "resolved.yaml");
    read_experiment(again);
    CHECK(again.digest_without_cluster() == there.digest_without_cluster());
  }
}
