#include "sim/search_policies.hpp"

#include "tests/sim/scored_model.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

namespace {

/// Everybody who comes on the first day, half of them with a query.
struct searching_crowd {
  std::shared_ptr<const world> market;
  std::unique_ptr<cohort> people;

  searching_crowd() {
    auto options = small_options();
    options.intent.search_share = 0.5;
    options.population.users = 2000;
    options.slate_size = 6;
    market = small_world(options);
    people = std::make_unique<cohort>(market, 0, 2000);
    people->begin_tick(0, core::day_ms);
  }

  std::vector<std::size_t> searches() const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < demand().num_rows(); ++row)
      if (demand().queries[row] != core::session_record::no_query)
        rows.push_back(row);
    REQUIRE(rows.size() > 100);
    return rows;
  }

  /// What a search found and a slate may show, as far as the slate goes.
  std::vector<core::item_id> found(std::size_t row) const {
    std::vector<core::item_id> items;
    for (const auto item : candidates(demand(), row))
      if (items.size() < 6 && may_show(demand(), row, item))
        items.push_back(item);
    items.resize(6, core::no_item);
    return items;
  }

  const slate_demand& demand() const {
    return people->demand();
  }
};

std::vector<core::item_id> slate(const policy_slates& answer, std::size_t row) {
  const auto items = answer.slates.row(row);
  return {items.begin(), items.end()};
}

} // namespace

TEST_CASE("bm25 answers a search in the engine's order, others with what is popular",
          "[sim][search_policies]") {
  const searching_crowd crowd;
  const auto answer = make_bm25_policy(crowd.market)->decide(crowd.demand());
  const auto popular = make_popularity_policy(crowd.market)->decide(crowd.demand());
  for (const auto row : crowd.searches())
    CHECK(slate(answer, row) == crowd.found(row));
  for (std::size_t row = 0; row < crowd.demand().num_rows(); ++row)
    if (crowd.demand().queries[row] == core::session_record::no_query)
      CHECK(slate(answer, row) == slate(popular, row));
}

TEST_CASE("bm25_profile goes from the text's order to the model's",
          "[sim][search_policies]") {
  const searching_crowd crowd;
  const auto model = std::make_shared<scored_model>(falling_scores(300));
  const auto by_model = make_recommender_policy(model)->decide(crowd.demand());
  const auto with_weight = [&](double weight) {
    return make_bm25_profile_policy(model, weight)->decide(crowd.demand());
  };
  const auto text = with_weight(0);
  const auto both = with_weight(0.5);
  const auto profile = with_weight(1);
  std::size_t moved = 0;
  for (const auto row : crowd.searches()) {
    CHECK(slate(text, row) == crowd.found(row));
    CHECK(slate(profile, row) == slate(by_model, row));
    moved +=
      slate(both, row) != slate(text, row) && slate(both, row) != slate(profile, row);
  }
  CHECK(moved > 50);
}
