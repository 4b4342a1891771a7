#include "sim/warm_up.hpp"

#include "core/error.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace souk;
using namespace souk::sim;

TEST_CASE("a warm-up tells its log and who and what is in it", "[sim][warm_up]") {
  auto options = small_options();
  options.population.cohort = 30;
  const auto market = small_world(options);
  for (const auto* shop : {"random", "popularity"}) {
    const auto known = simulate_warm_up(market, shop);
    CHECK(count_of(known.records, core::event_kind::click) > 100);
    CHECK(known.users.num_rows == 100);
    CHECK(known.users.find("age_band")->codes.size() == 100);
    CHECK(known.items.num_rows == 300);
  }
  CHECK_THROWS_AS(simulate_warm_up(market, "mult_vae"), core::error);
}

TEST_CASE("a log becomes a dataset with the world's numbers", "[sim][warm_up]") {
  const auto market = small_world(small_options());
  const auto known = simulate_warm_up(market, "random");
  const auto data = dataset_of(*market, known.records);
  CHECK(data.user_names.size() == 100);
  CHECK(data.item_names.size() == 300);
  CHECK(data.item_attributes.num_rows == 300);
  CHECK(data.has_times);
  const auto clicks =
    std::count_if(data.events.begin(), data.events.end(),
                  [](const auto& e) { return e.kind == core::event_kind::click; });
  CHECK(static_cast<std::size_t>(clicks)
        == count_of(known.records, core::event_kind::click));
  for (std::size_t i = 1; i < data.events.size(); ++i) {
    const auto& a = data.events[i - 1];
    const auto& b = data.events[i];
    REQUIRE(std::make_pair(a.user, a.time) <= std::make_pair(b.user, b.time));
    REQUIRE(b.kind != core::event_kind::impression);
  }
}

TEST_CASE("the default market looks like a shop", "[sim][calibration]") {
  simulation_options options;
  options.population.users = 2000;
  const auto market = make_world(options, {}, 3);
  const auto run = run_market(market, *make_popularity_policy(market), 1000);
  const auto& all = run.totals.groups.at("all");
  const auto ratio = [&](tally part, tally whole) {
    return static_cast<double>(all[part]) / static_cast<double>(all[whole]);
  };
  // RetailRocket, OTTO, Taobao: 2.6 to 8.7%.
  CHECK(ratio(tally::carts, tally::clicks) > 0.026);
  CHECK(ratio(tally::carts, tally::clicks) < 0.087);
  // RetailRocket 32%, OTTO 30%.
  CHECK(ratio(tally::purchases, tally::carts) > 0.25);
  CHECK(ratio(tally::purchases, tally::carts) < 0.38);
  // YooChoose: 3.57 clicks a session, of which 5.5% buy.
  CHECK(ratio(tally::clicks, tally::sessions) > 2.5);
  CHECK(ratio(tally::clicks, tally::sessions) < 5);
  CHECK(ratio(tally::converted, tally::sessions) > 0.03);
  CHECK(ratio(tally::converted, tally::sessions) < 0.09);
  CHECK(ratio(tally::clicks, tally::impressions) > 0.01);
  CHECK(ratio(tally::clicks, tally::impressions) < 0.1);

  std::map<std::pair<core::user_id, std::uint32_t>, std::uint32_t> lengths;
  std::vector<std::uint32_t> by_position(options.slate_size);
  for (const auto& record : run.records)
    if (record.kind == core::event_kind::click) {
      ++lengths[{record.user, record.session}];
      ++by_position[record.position];
    }
  std::vector<std::uint32_t> sorted;
  for (const auto& [session, clicks] : lengths)
    sorted.push_back(clicks);
  std::sort(sorted.begin(), sorted.end());
  // Heavy tails: OTTO's 95th percentile is eleven times the median.
  CHECK(sorted[sorted.size() * 95 / 100] >= 3 * sorted[sorted.size() / 2]);
  CHECK(std::is_sorted(by_position.rbegin(), by_position.rend()));
}
