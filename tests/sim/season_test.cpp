#include "sim/season.hpp"

#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

TEST_CASE("without months and campaigns the year is the week", "[sim][season]") {
  const auto market = small_world(small_options());
  for (core::time_ms time = 0; time < 30 * core::day_ms; time += 12345678) {
    const auto elapsed = market->week().elapsed(time);
    CHECK(market->year().elapsed(time) == elapsed);
    CHECK(market->year().when(elapsed) == market->week().when(elapsed));
  }
}

TEST_CASE("busy months have more sessions", "[sim][season]") {
  auto options = small_options("stationary");
  options.population.users = 500;
  options.population.newcomer_share = 0;
  options.days = 60;
  options.calendar.start_day = 0;
  options.calendar.months = {1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const auto market = small_world(options);
  const auto groups = run_market(market, *make_random_policy(), 500).totals.groups;
  double january = 0;
  double february = 0;
  for (std::uint32_t day = 0; day < 28; ++day) {
    january +=
      static_cast<double>(groups.at("day=" + std::to_string(day))[tally::sessions]);
    february += static_cast<double>(
      groups.at("day=" + std::to_string(day + 31))[tally::sessions]);
  }
  CHECK(february / january == Approx(3).epsilon(0.1));
}

TEST_CASE("a season's time runs on without gaps, and back again", "[sim][season]") {
  auto options = small_options();
  options.days = 40;
  options.calendar.months = {1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.2};
  campaign_options sale;
  sale.start_day = 10;
  sale.days = 2;
  sale.arrivals = 4;
  options.campaigns = {sale};
  const auto market = small_world(options);
  const auto& year = market->year();
  auto before = -1.0;
  for (core::time_ms time = 0; time < 50 * core::day_ms; time += 1234567) {
    const auto elapsed = year.elapsed(time);
    CHECK(elapsed > before);
    before = elapsed;
    const auto back = year.when(elapsed);
    CHECK(std::abs(back - time) <= 2);
  }
}
