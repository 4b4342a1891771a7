#include "sim/exploration.hpp"

#include "core/portable_math.hpp"
#include "tests/sim/scored_model.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace souk;
using namespace souk::sim;

namespace {

constexpr std::size_t num_items = 12;
constexpr std::size_t places = 3;

/// Many people who all want a first slate of the same candidates.
struct alike_crowd {
  std::shared_ptr<const world> market;
  std::unique_ptr<cohort> people;

  alike_crowd() {
    auto options = small_options("stationary");
    options.catalogue.items = num_items;
    options.catalogue.launch_share = 0;
    options.population.users = 30000;
    options.intent.search_share = 0;
    options.slate_size = places;
    market = small_world(options);
    people = std::make_unique<cohort>(market, 0, 30000);
    people->begin_tick(0, core::day_ms);
  }

  const slate_demand& demand() const {
    return people->demand();
  }
};

std::shared_ptr<const core::recommender> model(double deviation = 0) {
  std::vector<float> scores;
  for (std::size_t i = 0; i < num_items; ++i)
    scores.push_back(1.5F - 0.3F * static_cast<float>((i * 5) % num_items));
  return std::make_shared<scored_model>(scores, deviation);
}

/// Exact propensities make every candidate count once: the sum of 1 / propensity over
/// the slates that have an item at a place estimates how many slates could have had it.
void check_inverse_propensities(const slate_demand& demand,
                                const policy_slates& answer) {
  REQUIRE(answer.propensity_is == core::propensity_kind::exact);
  const auto rows = demand.num_rows();
  REQUIRE(rows > 5000);
  for (std::size_t j = 0; j < places; ++j)
    for (core::item_id item = 0; item < num_items; ++item) {
      auto could = 0.0;
      auto estimate = 0.0;
      auto variance = 0.0;
      for (std::size_t row = 0; row < rows; ++row) {
        const auto slate = answer.slates.row(row);
        if (std::find(slate.begin(), slate.begin() + j, item) != slate.begin() + j)
          continue;
        could += 1;
        if (slate[j] != item)
          continue;
        const auto inverse =
          1 / static_cast<double>(answer.propensities[row * places + j]);
        estimate += inverse;
        variance += inverse * (inverse - 1);
      }
      INFO("place " << j << ", item " << item);
      CHECK(std::abs(estimate - could) <= 4.5 * std::sqrt(variance) + 1e-6 * could);
    }
}

} // namespace

TEST_CASE("epsilon-greedy shows the best but for a share of chance",
          "[sim][exploration]") {
  const alike_crowd crowd;
  const std::shared_ptr<const policy> base = make_recommender_policy(model());
  const auto answer = make_epsilon_greedy_policy(base, 0.25)->decide(crowd.demand());
  check_inverse_propensities(crowd.demand(), answer);
  const auto best = base->decide(crowd.demand()).slates.items[0];
  auto greedy = 0.0;
  const auto rows = crowd.demand().num_rows();
  for (std::size_t row = 0; row < rows; ++row)
    greedy += answer.slates.row(row)[0] == best ? 1 : 0;
  CHECK(greedy / static_cast<double>(rows)
        == Approx(0.75 + 0.25 / num_items).margin(0.02));
}

TEST_CASE("epsilon-greedy without chance is its base, and all chance is random",
          "[sim][exploration]") {
  const alike_crowd crowd;
  const std::shared_ptr<const policy> base = make_recommender_policy(model());
  const auto greedy = make_epsilon_greedy_policy(base, 0)->decide(crowd.demand());
  CHECK(greedy.slates.items == base->decide(crowd.demand()).slates.items);
  CHECK(greedy.propensities == std::vector<float>(greedy.propensities.size(), 1.0F));
  const auto chance = make_epsilon_greedy_policy(base, 1)->decide(crowd.demand());
  for (std::size_t j = 0; j < places; ++j)
    CHECK(chance.propensities[j]
          == Approx(1.0 / static_cast<double>(num_items - j)).epsilon(1e-6));
  check_inverse_propensities(crowd.demand(), chance);
}

TEST_CASE("Plackett-Luce draws places from the softmax of what is left",
          "[sim][exploration]") {
  const alike_crowd crowd;
  for (const auto temperature : {0.5, 1.0, 4.0}) {
    INFO("temperature " << temperature);
    const auto answer =
      make_plackett_luce_policy(model(), temperature)->decide(crowd.demand());
    check_inverse_propensities(crowd.demand(), answer);
    std::vector<double> weights;
    for (std::size_t i = 0; i < num_items; ++i)
      weights.push_back(core::portable::exp(
        (1.5 - 0.3 * static_cast<double>((i * 5) % num_items)) / temperature));
    const auto total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t row = 0; row < 50; ++row) {
      const auto slate = answer.slates.row(row);
      CHECK(static_cast<double>(answer.propensities[row * places + 1])
            == Approx(weights[slate[1]] / (total - weights[slate[0]])).epsilon(1e-5));
    }
  }
}

TEST_CASE("Plackett-Luce at a low temperature is the ranking", "[sim][exploration]") {
  const alike_crowd crowd;
  const auto answer = make_plackett_luce_policy(model(), 1e-4)->decide(crowd.demand());
  const auto ranked = make_recommender_policy(model())->decide(crowd.demand());
  CHECK(answer.slates.items == ranked.slates.items);
  CHECK(answer.propensities[0] == Approx(1.0F));
}

TEST_CASE("Thompson sampling ranks by a draw and estimates how likely that was",
          "[sim][exploration]") {
  const alike_crowd crowd;
  const auto answer = make_thompson_policy(model(0.7), 32)->decide(crowd.demand());
  REQUIRE(answer.propensity_is == core::propensity_kind::estimated);
  for (const auto propensity : answer.propensities)
    CHECK(propensity >= 1.0F / 33);
  const auto rows = crowd.demand().num_rows();
  std::vector<double> shown(num_items);
  std::vector<double> estimated(num_items);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto item = answer.slates.row(row)[0];
    shown[item] += 1;
    estimated[item] += static_cast<double>(answer.propensities[row * places]);
  }
  for (core::item_id item = 0; item < num_items; ++item) {
    if (shown[item] < 100)
      continue;
    INFO("item " << item);
    // One of 33 draws is known to show it.
    const auto chance = shown[item] / static_cast<double>(rows);
    CHECK(estimated[item] / shown[item] == Approx((32 * chance + 1) / 33).margin(0.03));
  }
}

TEST_CASE("what a policy explores does not depend on who is served beside",
          "[sim][exploration]") {
  auto options = small_options();
  options.slate_size = places;
  options.population.users = 60;
  const auto market = small_world(options);
  const auto scores = falling_scores(options.catalogue.items);
  const auto plain = std::make_shared<scored_model>(scores, 30.0);
  const auto digest_of = [&](const policy& shop, std::uint32_t cohort_users) {
    std::vector<std::pair<core::item_id, float>> shown;
    for (const auto& record : run_market(market, shop, cohort_users).records)
      shown.emplace_back(record.item, record.propensity);
    return shown;
  };
  for (const auto& shop :
       {std::shared_ptr<const policy>{
          make_epsilon_greedy_policy(make_recommender_policy(plain), 0.3)},
        std::shared_ptr<const policy>{make_plackett_luce_policy(plain, 20)},
        std::shared_ptr<const policy>{make_thompson_policy(plain, 4)}}) {
    INFO(shop->name());
    CHECK(digest_of(*shop, 60) == digest_of(*shop, 7));
  }
}
