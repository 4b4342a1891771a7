#include "experiments/compared_logs.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;

namespace {

/// A purchase a day, and a click of the first user before each if asked for.
eval::realism::behaviour log_of(core::time_ms days, bool with_clicks) {
  eval::realism::behaviour log;
  log.has_times = true;
  for (core::time_ms day = 0; day < days; ++day) {
    if (with_clicks)
      log.events.push_back({0, 0, day * core::day_ms, 1, 0, core::event_kind::click});
    log.events.push_back(
      {0, 0, day * core::day_ms + 5, 1, 0, core::event_kind::purchase});
  }
  return log;
}

} // namespace

TEST_CASE("logs are compared in the kinds of events that both have",
          "[experiments][realism]") {
  const auto made = make_comparable(log_of(10, true), log_of(10, false), 1, 1);
  CHECK(made.ours.events.size() == 10);
  CHECK(made.theirs.events.size() == 10);
  REQUIRE(made.notes.size() == 1);
  CHECK(made.notes[0] == "only the first log has clicks: left out");
}

TEST_CASE("the later part is judged, and both logs are as long",
          "[experiments][realism]") {
  const auto made = make_comparable(log_of(30, false), log_of(21, false), 1, 0.5);
  CHECK(made.theirs.first_time() == 10 * core::day_ms + 5);
  CHECK(made.theirs.events.size() == 11);
  CHECK(made.ours.events.size() == 11);
  REQUIRE(made.notes.size() == 1);
  CHECK(made.notes[0].find("29.0 days and 10.0 days") != std::string::npos);
}

TEST_CASE("logs without times are compared whole", "[experiments][realism]") {
  auto timeless = log_of(5, false);
  timeless.has_times = false;
  const auto made = make_comparable(timeless, log_of(21, false), 1, 0.5);
  CHECK(made.theirs.events.size() == 21);
  CHECK(made.notes.size() == 1);
}

TEST_CASE("logs that have nothing in common are refused", "[experiments][realism]") {
  auto clicks = log_of(5, true);
  clicks.events.resize(1);
  CHECK_THROWS_AS(make_comparable(clicks, log_of(5, false), 1, 1), core::error);
}
