#include "eval/realism/samples.hpp"

#include "tests/eval/realism/sample_logs.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::eval::realism;

namespace {

using values = std::vector<double>;

constexpr auto minute = core::minute_ms;
constexpr auto day = core::day_ms;

/// Two users. The first clicks and buys on day 0, buys on day 3 and returns something;
/// the second comes once.
visit_log example() {
  behaviour log;
  log.has_times = true;
  const auto add = [&](core::user_id user, core::item_id item, core::time_ms time,
                       core::event_kind kind) {
    log.events.push_back({user, item, time, 1, 0, kind});
  };
  add(4, 1, 0, core::event_kind::click);
  add(4, 1, 30 * minute, core::event_kind::purchase);
  add(4, 2, 40 * minute, core::event_kind::purchase);
  add(4, 1, day, core::event_kind::product_return);
  add(4, 2, 3 * day, core::event_kind::purchase);
  add(4, 3, 3 * day, core::event_kind::purchase);
  add(9, 5, 2 * day + 90 * minute, core::event_kind::click);
  return cut_into_visits(log);
}

} // namespace

TEST_CASE("a session ends after thirty minutes without an event", "[eval][realism]") {
  const auto log = example();
  CHECK(log.num_users() == 2);
  CHECK(session_lengths(log).values == values{3, 2, 1});
  CHECK(session_lengths(log).offsets == std::vector<std::uint64_t>{0, 2, 3});
  CHECK(sessions_per_user(log).values == values{2, 1});
  CHECK(events_per_user(log).values == values{5, 1});
  behaviour apart;
  apart.has_times = true;
  apart.events = {purchase(0, 0, 0), purchase(0, 0, 30 * minute + 1)};
  CHECK(session_lengths(cut_into_visits(apart)).values == values{1, 1});
}

TEST_CASE("without times all of a user's events are one session", "[eval][realism]") {
  behaviour log;
  log.events = {purchase(0, 0, 0), purchase(0, 1, 0), purchase(1, 1, 0)};
  CHECK(session_lengths(cut_into_visits(log)).values == values{2, 1});
}

TEST_CASE("a return is no visit, but a step of the funnel", "[eval][realism]") {
  const auto log = example();
  CHECK(log.events.size() == 6);
  CHECK(log.returns == std::vector<std::uint32_t>{1, 0});
  const auto returns =
    funnel_step(log, core::event_kind::purchase, core::event_kind::product_return);
  CHECK(returns.values == values{0, 0, 0, 0, 1});
  CHECK(funnel_step(log, core::event_kind::click, core::event_kind::purchase).values
        == values{0, 1, 1, 1, 1, 0});
}

TEST_CASE("times of sessions are those of their first events", "[eval][realism]") {
  const auto log = example();
  CHECK(session_hours(log).values == values{0, 0, 1.5});
  CHECK(session_weekdays(log).values == values{3, 6, 5});
  REQUIRE(session_gaps(log).values.size() == 1);
  CHECK(session_gaps(log).values[0] == Approx(3 - 40.0 / 1440));
  CHECK(inter_purchase_days(log).values == values{3});
}

TEST_CASE("repeats are of items of earlier sessions", "[eval][realism]") {
  // On day 3 item 2 is known and item 3 is not; within day 0 nothing is a repeat.
  CHECK(repeat_shares(example()).values == values{0.5});
}

TEST_CASE("a basket is what one session buys, each item once", "[eval][realism]") {
  CHECK(basket_sizes(example()).values == values{2, 2});
  behaviour twice;
  twice.has_times = true;
  twice.events = {purchase(0, 7, 0), purchase(0, 7, 1)};
  CHECK(basket_sizes(cut_into_visits(twice)).values == values{1});
}

TEST_CASE("transitions are steps of popularity between different times",
          "[eval][realism]") {
  behaviour log;
  log.has_times = true;
  // Item 0 has nine of ten events, item 1 one: tenths 0 and 9.
  for (core::time_ms time = 0; time < 9; ++time)
    log.events.push_back(purchase(0, 0, time));
  log.events.push_back(purchase(0, 1, 9));
  const auto cut = cut_into_visits(log);
  CHECK(cut.tenth == std::vector<std::uint32_t>{0, 9});
  CHECK(transition_steps(cut).values == values{0, 0, 0, 0, 0, 0, 0, 0, 9});
  for (auto& event : log.events)
    event.time = 0;
  CHECK(transition_steps(cut_into_visits(log)).values.empty());
}
