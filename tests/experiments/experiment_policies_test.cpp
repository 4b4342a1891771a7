#include "tests/experiments/whole_files.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;

TEST_CASE("policies are models of the file", "[experiments][experiment]") {
  const auto refused =
    refusal_of(std::string{smallest}
               + "model: mult_vae\n"
                 "simulation: {catalogue: {from: dataset}, policies: [mult_vea]}\n");
  CHECK_THAT(refused, Catch::Contains("simulation.policies[0]")
                        && Catch::Contains("did you mean \"mult_vae\""));
}

TEST_CASE("a policy's name says one thing in results", "[experiments][experiment]") {
  const auto with = [](const std::string& policy) {
    return std::string{smallest}
           + "simulation: {catalogue: {from: generated}, policies: [" + policy + "]}\n";
  };
  // Yardsticks, groups (gender=male), and what no chart could show.
  for (const auto* name :
       {"reference", "random", "real", "all", "a=b", "../x", R"("x\ny")"})
    CHECK_THAT(refusal_of(with("{kind: popularity, name: " + std::string{name} + "}")),
               Catch::Contains("simulation.policies[0].name"));
  for (const auto* policy : {"{kind: random, name: random}", "reference",
                             "{kind: popularity, name: the best 1.5}"})
    CHECK(read(with(policy)).simulation->policies.size() == 1);
}

TEST_CASE("policies that explore start from a model", "[experiments][experiment]") {
  const auto with = [](const std::string& policies) {
    return std::string{smallest} + "model: mult_vae\nbaselines: [ease]\n"
           + "simulation:\n  catalogue: {from: dataset}\n  policies: [" + policies
           + "]\n";
  };
  const auto made = read(with("{kind: epsilon_greedy, of: ease, epsilon: 0.2}, "
                              "{kind: plackett_luce, of: mult_vae, temperature: 2}, "
                              "{kind: thompson, of: mult_vae, name: sampled}"));
  const auto& policies = made.simulation->policies;
  REQUIRE(policies.size() == 3);
  CHECK(policies[0].name == "epsilon_greedy_ease");
  CHECK(policies[0].epsilon == 0.2);
  CHECK(policies[1].temperature == 2);
  CHECK(policies[2].name == "sampled");
  CHECK_THAT(refusal_of(with("{kind: thompson, of: ease}")),
             Catch::Contains("policies[0].of") && Catch::Contains("posterior"));
  CHECK_THAT(refusal_of(with("{kind: plackett_luce, of: random}")),
             Catch::Contains("is no model of this file: random"));
  CHECK_THAT(refusal_of(with("{kind: epsilon_greedy, of: ease, epsilon: 1.5}")),
             Catch::Contains("epsilon"));
  CHECK_THAT(refusal_of(with("{kind: epsilon_greedy}")), Catch::Contains("of"));
  CHECK_THAT(refusal_of(with("random, random")),
             Catch::Contains("policies[1]") && Catch::Contains("same name"));
  CHECK_THAT(refusal_of(with("")), Catch::Contains("is empty"));
}

TEST_CASE("policies learn now and then", "[experiments][experiment]") {
  const auto with = [](const std::string& policies, const std::string& more = {}) {
    return std::string{smallest} + "model: mult_vae\nbaselines: [ease]\n" + more
           + "simulation:\n  catalogue: {from: dataset}\n  tick: 6h\n  policies:\n    "
             "- "
           + policies + "\n";
  };
  const auto first = [&](const std::string& policy) {
    return read(with(policy)).simulation->policies.at(0);
  };
  CHECK(first("mult_vae").retrain_every == 0);
  const auto daily = first("{kind: mult_vae, retrain_every: 1d}");
  CHECK(daily.retrain_every == core::day_ms);
  CHECK_FALSE(daily.retrain_epochs);
  const auto hasty =
    first("{kind: thompson, of: mult_vae, retrain_every: 6h, retrain_epochs: 3}");
  CHECK(hasty.retrain_every == 6 * core::hour_ms);
  CHECK(hasty.retrain_epochs == 3U);
  CHECK(first("{kind: epsilon_greedy, of: ease, retrain_every: 7d}").retrain_every
        == 7 * core::day_ms);

  const auto refusal = [&](const std::string& policy) {
    return refusal_of(with(policy));
  };
  CHECK_THAT(refusal("{kind: ease, retrain_every: 90m}"),
             Catch::Contains("test.yaml:12:35: simulation.policies[0].retrain_every")
               && Catch::Contains("no multiple of simulation.tick"));
  CHECK_THAT(refusal("{kind: random, retrain_every: 1d}"),
             Catch::Contains("test.yaml:12:37") && Catch::Contains("learns nothing"));
  CHECK_THAT(refusal("{kind: epsilon_greedy, of: random, retrain_every: 1d}"),
             Catch::Contains("random learns nothing"));
  CHECK_THAT(refusal("{kind: ease, retrain_every: 1d, retrain_epochs: 2}"),
             Catch::Contains("retrain_epochs: ease is fitted"));
  CHECK_THAT(refusal("{kind: ease, retrain_every: 1d, name: a b}"),
             Catch::Contains("policies[0].name: is no name for a folder"));
  CHECK_THAT(refusal("{kind: mult_vae, retrain_every: 0d}"),
             Catch::Contains("must be positive"));
  // A gradient's place in an order that only a log knows cannot be had again.
  const auto asynchronous = "training: {consistency: {kind: asp, workers: 2}}\n";
  CHECK_THAT(refusal_of(with("{kind: mult_vae, retrain_every: 1d}", asynchronous)),
             Catch::Contains("retrain_every: under training.consistency asp"));
  CHECK_NOTHROW(read(with("{kind: ease, retrain_every: 1d}", asynchronous)));
}

TEST_CASE("users are shared out among policies", "[experiments][experiment]") {
  const auto with = [](const std::string& text) {
    return std::string{"souk: 1\nname: shop\nseed: 1\n"} + "simulation: {" + text
           + "}\n";
  };
  CHECK(read(with("policies: [random]")).simulation->design == "paired");
  const auto split = *read(with("design: ab, policies: [random, {kind: popularity, "
                                "share: 3}]"))
                        .simulation;
  CHECK(split.design == "ab");
  CHECK(split.policies[0].share == 1);
  CHECK(split.policies[1].share == 3);
  CHECK_THAT(refusal_of(with("policies: [{kind: random, share: 2}]")),
             Catch::Contains("test.yaml:4:") && Catch::Contains("policies[0].share")
               && Catch::Contains("design: ab"));
  CHECK_THAT(refusal_of(with("design: ab, policies: [random]")),
             Catch::Contains("simulation.policies: has nobody to share"));
  CHECK_THAT(refusal_of(with("design: ab, policies: [random, {kind: popularity, share: "
                             "0}]")),
             Catch::Contains("must be positive"));
  CHECK_THAT(refusal_of(with("design: a_b")), Catch::Contains("design"));
  CHECK_THAT(refusal_of(with("preset: reco_gym, design: ab, policies: [random, "
                             "popularity]")),
             Catch::Contains("simulation.design"));
}

TEST_CASE("models serve users of a published model if they learnt from such users",
          "[experiments][experiment]") {
  const auto with = [](const std::string& source, const std::string& policies) {
    return "souk: 1\nname: users\nseed: 1\n"
           "data: {source: {"
           + source
           + "}}\n"
             "baselines: [popularity, {kind: ease}]\n"
             "simulation: {preset: reco_gym, policies: ["
           + policies + "]}\n";
  };
  const std::string theirs = "kind: simulated, users: 500";
  const auto made = read(with(theirs, "random, ease, {kind: plackett_luce, of: ease}"));
  CHECK(made.simulation->policies[1].kind == "ease");
  CHECK(made.data->clean.positives.front() == souk::core::event_kind::view);
  CHECK_THAT(
    refusal_of(with("kind: atomic, path: tests", "random, ease")),
    Catch::Contains("test.yaml:6:")
      && Catch::Contains("models of a dataset cannot recommend generated items")
      && Catch::Contains("data.source.kind: simulated"));
  CHECK_THAT(refusal_of(with(theirs, "random, eaze")), Catch::Contains("did you mean"));
  for (const auto* searching : {"bm25", "{kind: bm25_profile, of: ease}"})
    CHECK_THAT(refusal_of(with(theirs, searching)),
               Catch::Contains("but nobody of reco_gym searches"));
  CHECK_THAT(refusal_of(with(theirs, "{kind: ease, retrain_every: 1d}")),
             Catch::Contains("policies[0].retrain_every: comes too late"));
}

TEST_CASE("a model is who recommends only where it knows the items",
          "[experiments][experiment]") {
  const auto with = [](const std::string& simulation) {
    return read("souk: 1\nname: shop\nseed: 1\n"
                "data: {source: {kind: simulated}}\nbaselines: [popularity]\n"
                "simulation: {policies: [random, popularity], "
                + simulation + "}\n");
  };
  CHECK(with("catalogue: {from: dataset}").is_recommender("popularity"));
  CHECK(with("preset: reco_gym").is_recommender("popularity"));
  CHECK_FALSE(with("preset: reco_gym").is_recommender("random"));
  // Other items than those that were learnt: what every generated shop has serves.
  CHECK_FALSE(with("catalogue: {from: generated}").is_recommender("popularity"));
  CHECK_THAT(refusal_of("souk: 1\nname: x\nseed: 1\ndata: {source: {kind: simulated}}\n"
                        "baselines: [{kind: ease, name: bm25}]\n"),
             Catch::Contains("is no name for a model"));
}

TEST_CASE("views count where users of a published model may be",
          "[experiments][experiment]") {
  const auto with = [](const std::string& source, const std::string& positives) {
    return "souk: 1\nname: x\nseed: 1\n"
           "data: {source: {"
           + source + "}, clean: {positives: [" + positives + "]}}\n";
  };
  const auto view = souk::core::event_kind::view;
  CHECK(read(with("kind: simulated", "view")).data->split.positives
        == std::vector<souk::core::event_kind>{view});
  CHECK_THAT(refusal_of(with("kind: retailrocket, path: tests", "view, cart")),
             Catch::Contains("positives: names view, which is imported as click"));
  CHECK_THAT(refusal_of("souk: 1\nname: x\nseed: 1\n"
                        "data: {source: {kind: simulated}, "
                        "clean: {min_user_events: 5}}\n"),
             Catch::Contains("data.clean.min_user_events: unknown key"));
}
