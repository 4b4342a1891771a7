#include "sim/campaigns.hpp"

#include "core/portable_math.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

namespace {

campaign_options campaign(std::uint32_t start, std::uint32_t days, double discount) {
  campaign_options made;
  made.start_day = start;
  made.days = days;
  made.discount = discount;
  made.items = 0.5;
  return made;
}

simulation_options with_sale(double arrivals) {
  auto options = small_options("stationary");
  options.population.users = 3000;
  options.population.newcomer_share = 0;
  options.catalogue.launch_share = 0;
  options.temperament.price_sensitivity = 2;
  options.days = 9;
  options.campaigns = {campaign(3, 3, 0.5)};
  options.campaigns[0].arrivals = arrivals;
  return options;
}

} // namespace

TEST_CASE("a campaign makes its items cheaper on its days", "[sim][campaigns]") {
  const auto market = small_world(with_sale(1));
  const auto& items = market->items();
  const auto& sales = market->sales();
  const auto reduced = sales.reduced_items(3);
  CHECK(reduced.size() > 110);
  CHECK(reduced.size() < 190);
  const auto item = reduced[0];
  for (const auto day : {0U, 2U, 6U, 8U}) {
    CHECK(sales.price_cents(item, day) == items.price_cents[item]);
    CHECK(sales.relief(item, day) == 0);
    CHECK(sales.reduced_items(day).empty());
  }
  CHECK(sales.price_cents(item, 5)
        == static_cast<std::int32_t>(0.5 * items.price_cents[item] + 0.5));
  CHECK(static_cast<double>(sales.relief(item, 5))
        == Approx(-core::portable::log(0.5)
                  / market->options().catalogue.price_spread_within));
}

TEST_CASE("of overlapping campaigns the larger discount counts", "[sim][campaigns]") {
  auto options = with_sale(1);
  options.campaigns = {campaign(0, 5, 0.2), campaign(4, 3, 0.4)};
  options.campaigns[0].items = 1;
  options.campaigns[1].items = 1;
  options.campaigns[0].arrivals = 2;
  options.campaigns[1].arrivals = 1.5;
  const auto market = small_world(options);
  const auto usual = market->items().price_cents[0];
  const auto price = [&](std::uint32_t day) {
    return market->sales().price_cents(0, day) / static_cast<double>(usual);
  };
  CHECK(price(3) == Approx(0.8).margin(0.01));
  CHECK(price(4) == Approx(0.6).margin(0.01));
  CHECK(price(6) == Approx(0.6).margin(0.01));
  CHECK(price(7) == 1);
  CHECK(market->sales().arrivals(3) == 2);
  CHECK(market->sales().arrivals(4) == 3);
  CHECK(market->sales().arrivals(7) == 1);
}

TEST_CASE("people come more often, and take what is cheap, while a campaign lasts",
          "[sim][campaigns]") {
  const auto market = small_world(with_sale(2));
  const auto run = run_market(market, *make_random_policy(), 1000);
  const auto reduced = market->sales().reduced_items(4);
  const auto is_reduced = [&](core::item_id item) {
    return std::binary_search(reduced.begin(), reduced.end(), item);
  };
  double clicks[2] = {};
  double clicks_on_reduced[2] = {};
  for (const auto& record : run.records) {
    const auto day = record.time / core::day_ms;
    const auto lasts = day >= 3 && day < 6;
    if (record.kind != core::event_kind::click)
      continue;
    clicks[lasts] += 1;
    clicks_on_reduced[lasts] += is_reduced(record.item);
    if (is_reduced(record.item) && lasts)
      CHECK(record.price
            == static_cast<float>(
              market->sales().price_cents(record.item, static_cast<std::uint32_t>(day))
              / 100.0));
  }
  // Twice as many sessions a day, over 3 days against 6.
  CHECK(clicks[1] > 0.8 * clicks[0]);
  CHECK(clicks_on_reduced[1] / clicks[1] > clicks_on_reduced[0] / clicks[0] + 0.1);
}

TEST_CASE("in a campaign, too, one utility and all utilities have the same bits",
          "[sim][campaigns]") {
  const auto market = small_world(with_sale(1));
  cohort people{market, 0, 100};
  people.begin_tick(4 * core::day_ms, 5 * core::day_ms);
  std::vector<float> all(300);
  for (const auto& shopper : people.demand().truth) {
    market->utilities().of_all(shopper, all);
    for (core::item_id item = 0; item < 300; ++item)
      REQUIRE(market->utilities().of(shopper, item) == all[item]);
  }
}
