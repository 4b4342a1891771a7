#include "sim/policy.hpp"

#include "tests/sim/scored_model.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numeric>

using namespace souk;
using namespace souk::sim;

namespace {

/// Returns everybody who wants a slate on the first day (first slates only).
std::unique_ptr<cohort> crowd(const std::shared_ptr<const world>& market) {
  auto people = std::make_unique<cohort>(market, 0, market->options().population.users);
  people->begin_tick(0, core::day_ms);
  return people;
}

double expected_value(const slate_demand& demand,
                      std::size_t row,
                      core::span<const core::item_id> slate) {
  const auto& market = *demand.market;
  std::vector<float> utilities;
  for (const auto item : slate)
    if (item != core::no_item)
      utilities.push_back(market.utilities().of(demand.truth[row], item));
  std::vector<double> weights(utilities.size());
  market.choosing().weigh(utilities, weights);
  return market.choosing().expected_value(market.eyes(), weights);
}

simulation_options tiny_options(const std::string& attention) {
  auto options = small_options("stationary");
  options.catalogue.items = 7;
  options.catalogue.departments = 2;
  options.catalogue.categories = 3;
  options.catalogue.launch_share = 0;
  options.slate_size = 3;
  options.attention.kind = attention;
  options.temperament.sessions_per_day = 2;
  options.population.users = 200;
  return options;
}

} // namespace

TEST_CASE("random slates are uniform, with propensities of 1 / (n - position)",
          "[sim][policy]") {
  auto options = small_options();
  options.catalogue.items = 60;
  options.catalogue.launch_share = 0;
  options.population.users = 6000;
  options.intent.search_share = 0;
  options.slate_size = 4;
  const auto market = small_world(options);
  const auto people = crowd(market);
  const auto answer = make_random_policy()->decide(people->demand());
  REQUIRE(answer.propensity_is == core::propensity_kind::exact);
  const auto rows = people->demand().num_rows();
  REQUIRE(rows > 1000);
  std::vector<double> shown(60);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < 4; ++j) {
      CHECK(answer.propensities[row * 4 + j] == 1.0F / (60.0F - static_cast<float>(j)));
      shown[answer.slates.row(row)[j]] += 1;
    }
  const auto expected = static_cast<double>(rows) * 4 / 60;
  auto chi_square = 0.0;
  for (const auto count : shown)
    chi_square += (count - expected) * (count - expected) / expected;
  // 59 degrees of freedom: 98.3 in one case of a thousand.
  CHECK(chi_square < 98.3);
}

TEST_CASE("random propensities are exact when little is left to show",
          "[sim][policy]") {
  auto options = tiny_options("examine_all");
  options.intent.search_share = 0;
  const auto market = small_world(options);
  const auto people = crowd(market);
  const auto shop = make_random_policy();
  for (int round = 0; round < 3 && !people->demand().empty(); ++round) {
    const auto answer = shop->decide(people->demand());
    for (std::size_t row = 0; row < people->demand().num_rows(); ++row) {
      std::size_t allowed = 0;
      for (const auto item : candidates(people->demand(), row))
        allowed += may_show(people->demand(), row, item);
      const auto slate = answer.slates.row(row);
      for (std::size_t j = 0; j < 3 && slate[j] != core::no_item; ++j)
        CHECK(answer.propensities[row * 3 + j]
              == 1.0F / static_cast<float>(allowed - j));
    }
    people->answer(answer);
  }
}

TEST_CASE("the popularity policy shows the most popular items that may be shown",
          "[sim][policy]") {
  const auto market = small_world(small_options());
  const auto people = crowd(market);
  const auto& demand = people->demand();
  const auto answer = make_popularity_policy(market)->decide(demand);
  const auto& weights = market->items().popularity;
  for (std::size_t row = 0; row < demand.num_rows(); ++row) {
    const auto slate = answer.slates.row(row);
    for (std::size_t j = 1; j < slate.size() && slate[j] != core::no_item; ++j)
      CHECK(weights[slate[j - 1]] >= weights[slate[j]]);
    if (demand.queries[row] != core::session_record::no_query)
      continue;
    for (const auto item : market->for_sale(0))
      if (std::find(slate.begin(), slate.end(), item) == slate.end())
        CHECK(weights[item] <= weights[slate[9]]);
  }
}

TEST_CASE("a search is answered from what was found, in the policy's order",
          "[sim][policy]") {
  auto options = small_options();
  options.intent.search_share = 1;
  const auto market = small_world(options);
  const auto people = crowd(market);
  const auto& demand = people->demand();
  const auto model = std::make_shared<scored_model>(falling_scores(300));
  for (const auto& shop : {make_random_policy(), make_popularity_policy(market),
                           make_reference_policy(), make_recommender_policy(model)}) {
    const auto answer = shop->decide(demand);
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      REQUIRE(demand.queries[row] < market->queries().size());
      const auto found = market->search().sorted_results(demand.queries[row]);
      for (const auto item : answer.slates.row(row))
        if (item != core::no_item)
          CHECK(std::binary_search(found.begin(), found.end(), item));
    }
  }
}

TEST_CASE("assortments and what is barred are all that a slate may show",
          "[sim][policy]") {
  const auto market = small_world(small_options());
  auto people = crowd(market);
  people->answer(make_random_policy()->decide(people->demand()));
  const auto& demand = people->demand();
  REQUIRE_FALSE(demand.empty());
  const auto assortments = assortments_of(demand);
  REQUIRE(assortments.size() == demand.num_rows());
  for (std::size_t row = 0; row < demand.num_rows(); ++row) {
    std::vector<bool> expected(300, false);
    for (const auto item : candidates(demand, row))
      expected[item] = may_show(demand, row, item);
    const auto& only = assortments[row].only;
    REQUIRE(only.has_value() == has_own_candidates(demand, row));
    std::vector<bool> allowed(300, !only.has_value());
    if (only) {
      REQUIRE(std::is_sorted(only->begin(), only->end()));
      for (const auto item : *only)
        allowed[item] = true;
    }
    for (const auto item : assortments[row].without)
      allowed[item] = false;
    for (const auto item : demand.barred.row(row))
      allowed[item] = false;
    CHECK(allowed == expected);
  }
}

TEST_CASE("a recommender shops through a whole run", "[sim][policy]") {
  const auto market = small_world(small_options());
  const auto shop =
    make_recommender_policy(std::make_shared<scored_model>(falling_scores(300)));
  CHECK(shop->name() == "scored");
  const auto run = run_market(market, *shop, 100);
  CHECK(count_of(run.records, core::event_kind::click) > 100);
  for (const auto& record : run.records)
    if (record.kind == core::event_kind::impression)
      CHECK(record.propensity == 1.0F);
}

TEST_CASE("one utility and all utilities have the same bits", "[sim][utility]") {
  const auto market = small_world(small_options());
  const auto people = crowd(market);
  std::vector<float> all(300);
  for (auto shopper : people->demand().truth) {
    shopper.favourite = 17;
    shopper.favourite_weight = 0.3F;
    shopper.brand = 4;
    shopper.day = 5;
    market->utilities().of_all(shopper, all);
    for (core::item_id item = 0; item < 300; ++item)
      REQUIRE(market->utilities().of(shopper, item) == all[item]);
  }
}

TEST_CASE("no slate of a small stationary catalogue beats the reference",
          "[sim][reference]") {
  for (const auto* kind : {"cascade", "by_position", "examine_all"}) {
    INFO(kind);
    const auto market = small_world(tiny_options(kind));
    const auto people = crowd(market);
    const auto& demand = people->demand();
    REQUIRE(demand.num_rows() > 50);
    const auto answer = make_reference_policy()->decide(demand);
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      const auto value = expected_value(demand, row, answer.slates.row(row));
      auto best = 0.0;
      for (const auto a : candidates(demand, row))
        for (const auto b : candidates(demand, row))
          for (const auto c : candidates(demand, row))
            if (a != b && b != c && a != c) {
              const core::item_id slate[] = {a, b, c};
              best = std::max(best, expected_value(demand, row, {slate, 3}));
            }
      if (candidates(demand, row).size() >= 3)
        CHECK(value == Approx(best).epsilon(1e-12));
    }
  }
}

TEST_CASE("an adversary that learns from clicks never exceeds the reference in "
          "expectation",
          "[sim][reference]") {
  const auto market = small_world(tiny_options("cascade"));
  const auto people = crowd(market);
  const auto& demand = people->demand();
  const auto reference = make_reference_policy()->decide(demand);
  for (std::size_t row = 0; row < 20; ++row) {
    if (candidates(demand, row).size() < 3)
      continue;
    // Epsilon-greedy hill climbing over slates on simulated clicks.
    std::vector<core::item_id> slate = {0, 1, 2};
    auto best_clicks = -1;
    const auto bound = expected_value(demand, row, reference.slates.row(row));
    for (std::uint32_t attempt = 0; attempt < 60; ++attempt) {
      auto trial = slate;
      const core::draw_site site{77, core::stream::recommend, row, attempt};
      const auto place = core::below(site, 0, 3);
      const auto item = static_cast<core::item_id>(core::below(site, 1, 7));
      const auto twin = std::find(trial.begin(), trial.end(), item);
      if (twin != trial.end())
        std::swap(*twin, trial[place]);
      else
        trial[place] = item;
      std::vector<float> utilities;
      for (const auto shown : trial)
        utilities.push_back(market->utilities().of(demand.truth[row], shown));
      std::vector<double> weights(3);
      market->choosing().weigh(utilities, weights);
      int clicks = 0;
      for (std::uint32_t i = 0; i < 200; ++i) {
        const core::draw_site look{attempt, core::stream::attend, row, i};
        const core::draw_site choose{attempt, core::stream::choose, row, i};
        const auto depth = market->eyes().depth(core::uniform(look, 0), 3);
        clicks += market->choosing().choose(weights, trial, depth, choose) < depth;
      }
      if (clicks > best_clicks) {
        best_clicks = clicks;
        slate = trial;
      }
      if (demand.queries[row] == core::session_record::no_query)
        CHECK(expected_value(demand, row, trial) <= bound + 1e-12);
    }
  }
}

TEST_CASE("in the stationary preset no policy has a higher expected slate value than "
          "the reference",
          "[sim][reference]") {
  auto options = small_options("stationary");
  options.population.users = 300;
  options.regret_share = 1;
  const auto market = small_world(options);
  const auto value = [](const market_run& run) {
    const auto& all = run.totals.groups.at("all");
    return static_cast<double>(all[tally::slate_value])
           / static_cast<double>(all[tally::slates]);
  };
  const auto random = run_market(market, *make_random_policy(), 300);
  const auto popularity = run_market(market, *make_popularity_policy(market), 300);
  const auto reference = run_market(market, *make_reference_policy(), 300);
  CHECK(value(random) < value(popularity));
  CHECK(value(popularity) < value(reference));
  CHECK(reference.totals.groups.at("all")[tally::regret] == 0);
  const auto ndcg = [](const market_run& run) {
    const auto& all = run.totals.groups.at("all");
    return static_cast<double>(all[tally::ndcg]) / 1e6
           / static_cast<double>(all[tally::regret_slates]);
  };
  CHECK(ndcg(reference) == 1);
  CHECK(ndcg(popularity) < 1);
  CHECK(ndcg(random) < ndcg(popularity));
  CHECK(random.totals.groups.at("all")[tally::regret] > 0);
  CHECK(popularity.totals.groups.at("all")[tally::regret] > 0);
}
