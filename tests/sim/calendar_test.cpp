#include "sim/calendar.hpp"

#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace souk;
using namespace souk::sim;

TEST_CASE("an average week has an average intensity of 1", "[sim][calendar]") {
  const calendar week{calendar_options{}};
  auto sum = 0.0;
  for (core::time_ms hour = 0; hour < 168; ++hour)
    sum += week.intensity(hour * core::hour_ms);
  CHECK(sum / 168 == Approx(1));
  CHECK(week.elapsed(14 * core::day_ms) == Approx(14));
}

TEST_CASE("evenings are busier than nights, and the week can start on any day",
          "[sim][calendar]") {
  calendar_options options;
  const calendar monday{options};
  CHECK(monday.intensity(20 * core::hour_ms) > 5 * monday.intensity(3 * core::hour_ms));
  options.start_weekday = 6;
  const calendar sunday{options};
  CHECK(sunday.intensity(12 * core::hour_ms)
        == Approx(monday.intensity(6 * core::day_ms + 12 * core::hour_ms)));
}

TEST_CASE("the calendar's time turns back into simulated time", "[sim][calendar]") {
  const calendar week{calendar_options{}};
  for (core::time_ms time = 0; time < 30 * core::day_ms; time += 7777777) {
    const auto back = week.when(week.elapsed(time));
    CHECK(back >= time - 1);
    CHECK(back <= time + 1);
  }
}

TEST_CASE("nobody comes in hours and on days that are closed", "[sim][calendar]") {
  auto options = small_options();
  options.calendar.hours.assign(24, 0);
  options.calendar.hours[9] = 1;
  options.calendar.hours[17] = 3;
  options.calendar.weekdays = {1, 1, 1, 1, 1, 0, 0};
  options.calendar.start_weekday = 4;
  options.population.users = 2000;
  options.population.newcomer_share = 1;
  options.days = 21;
  const auto market = small_world(options);
  int afternoons = 0;
  for (core::user_id user = 0; user < 2000; ++user) {
    const auto time = market->entry_of(user).joined;
    const auto hour = time / core::hour_ms % 24;
    CHECK((hour == 9 || hour == 17));
    CHECK((time / core::day_ms + 4) % 7 < 5);
    afternoons += hour == 17 ? 1 : 0;
  }
  CHECK(afternoons > 1400);
  CHECK(afternoons < 1600);
  // The week's end is closed; its last moment still turns back into an open hour.
  const auto last = market->week().when(7 - 1e-12);
  CHECK(market->week().intensity(last - 1) > 0);
}

TEST_CASE("first sessions come by the calendar's hours", "[sim][calendar]") {
  auto options = small_options();
  options.population.users = 40000;
  options.population.newcomer_share = 1;
  options.days = 7;
  const auto market = small_world(options);
  std::array<double, 24> expected{};
  for (core::time_ms hour = 0; hour < 168; ++hour)
    expected[static_cast<std::size_t>(hour % 24)] +=
      market->week().intensity(hour * core::hour_ms) / 168 * 40000;
  std::array<double, 24> seen{};
  for (core::user_id user = 0; user < 40000; ++user)
    seen[static_cast<std::size_t>(market->entry_of(user).joined / core::hour_ms
                                  % 24)] += 1;
  auto chi_square = 0.0;
  for (std::size_t hour = 0; hour < 24; ++hour)
    chi_square +=
      (seen[hour] - expected[hour]) * (seen[hour] - expected[hour]) / expected[hour];
  // 23 degrees of freedom: 49.7 in one case of a thousand.
  CHECK(chi_square < 49.7);
}

TEST_CASE("sessions are as many as a user's activity says", "[sim][calendar]") {
  auto options = small_options("stationary");
  options.population.users = 400;
  options.population.newcomer_share = 0;
  options.temperament.activity_spread = 0;
  options.temperament.sessions_per_day = 0.6;
  options.days = 14;
  const auto run = run_market(small_world(options), *make_random_policy(), 400);
  const auto sessions =
    static_cast<double>(run.totals.groups.at("all")[tally::sessions]) / 400;
  // Somewhat fewer than 8.4: nobody starts a session while another one goes on.
  CHECK(sessions > 7.6);
  CHECK(sessions < 8.6);
}
