#include "eval/realism/behaviour.hpp"

#include "tests/eval/realism/sample_logs.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::eval::realism;

TEST_CASE("weekdays and hours are those of the calendar", "[eval][realism]") {
  // 2011-12-09 12:30 UTC was a Friday.
  constexpr core::time_ms friday = 1323433800000;
  CHECK(weekday_of(friday) == 4);
  CHECK(hour_of(friday) == Approx(12.5));
  CHECK(weekday_of(0) == 3);
  CHECK(weekday_of(-1) == 2);
  CHECK(hour_of(-core::hour_ms) == 23);
  for (std::uint32_t day = 0; day < 7; ++day)
    CHECK(weekday_of(shift_to_weekday(day)) == day);
}

TEST_CASE("a part of a log is a part of its time", "[eval][realism]") {
  behaviour log;
  log.has_times = true;
  for (core::time_ms time = 100; time <= 200; time += 10)
    log.events.push_back(purchase(0, 0, time));
  const auto early = part_of(log, 0, 0.5);
  const auto later = part_of(log, 0.5, 1);
  CHECK(early.events.size() == 5);
  CHECK(early.last_time() == 140);
  CHECK(later.events.size() == 6);
  CHECK(later.first_time() == 150);
  CHECK(later.last_time() == 200);
  CHECK(first_of(log, 30).events.size() == 3);
}

TEST_CASE("behaviour is what people did, not what they were shown", "[eval][realism]") {
  core::dataset data;
  data.has_times = true;
  for (const auto kind : {core::event_kind::impression, core::event_kind::click,
                          core::event_kind::product_return, core::event_kind::search})
    data.events.push_back({0, 0, 5, 1, 0, kind});
  const auto log = behaviour_of(data, 10);
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[0].time == 15);
  const auto kinds = count_kinds(log);
  CHECK(kinds[static_cast<std::size_t>(core::event_kind::click)] == 1);
  kind_counts clicks{};
  clicks[static_cast<std::size_t>(core::event_kind::click)] = 7;
  CHECK(only_kinds(log, clicks).events.size() == 1);
}
