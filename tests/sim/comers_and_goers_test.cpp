#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace souk;
using namespace souk::sim;

TEST_CASE("some who left come back", "[sim][churn]") {
  auto options = small_options();
  options.population.users = 400;
  options.churn.chance = 0.5;
  options.churn.gain = 0;
  options.churn.away_days = 5;
  options.days = 60;
  const auto sessions_after_first = [&](double comeback) {
    options.churn.comeback = comeback;
    const auto market = small_world(options);
    const auto all =
      run_market(market, *make_random_policy(), 400).totals.groups.at("all");
    return static_cast<double>(all[tally::sessions]);
  };
  const auto gone = sessions_after_first(0);
  const auto back = sessions_after_first(1);
  CHECK(back > 1.5 * gone);
}

TEST_CASE("who logs in within a session is known from then on", "[sim][login]") {
  auto options = small_options();
  options.population.users = 300;
  options.population.anonymous_share = 1;
  options.intent.search_share = 0;
  options.choice.outside = 0; // many clicks
  const auto known_share = [&](double login_chance) {
    options.population.login_chance = login_chance;
    const auto market = small_world(options);
    cohort people{market, 0, 300};
    const auto shop = make_random_policy();
    double known = 0;
    double rows = 0;
    people.begin_tick(0, 10 * core::day_ms);
    while (!people.demand().empty()) {
      const auto& demand = people.demand();
      for (std::size_t row = 0; row < demand.num_rows(); ++row) {
        rows += 1;
        known += demand.anonymous[row] == 0;
        // A login brings what the session opened into the history.
        if (demand.anonymous[row] == 0)
          CHECK_FALSE(demand.history.row(row).empty());
      }
      people.answer(shop->decide(demand));
    }
    return known / rows;
  };
  const auto only_buyers = known_share(0);
  CHECK(only_buyers < 0.2);
  CHECK(known_share(0.3) > only_buyers + 0.2);
}

TEST_CASE("the shop knows the attributes of as many users as the file says",
          "[sim][attributes]") {
  auto options = small_options();
  options.population.users = 2000;
  options.population.anonymous_share = 0;
  options.population.attributes_known = 0.3;
  const auto market = small_world(options);
  cohort people{market, 0, 2000};
  people.begin_tick(0, 3 * core::day_ms);
  const auto& demand = people.demand();
  const auto& column = demand.attributes.columns.front();
  double known = 0;
  for (std::size_t row = 0; row < demand.num_rows(); ++row) {
    const auto codes = column.codes_of(row);
    const auto is_known = !codes.empty() && codes[0] != core::no_code;
    known += is_known;
    CHECK(is_known == market->knows_attributes_of(demand.users[row]));
  }
  REQUIRE(demand.num_rows() > 500);
  CHECK(known / static_cast<double>(demand.num_rows()) == Approx(0.3).margin(0.06));
}
