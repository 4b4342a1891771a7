#include "data/recorded_log.hpp"

#include "data/session_log.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using core::event_kind;

namespace {

constexpr auto minute = core::minute_ms;

core::dataset small_dataset() {
  core::dataset made;
  made.name = "small";
  made.has_times = true;
  made.user_names = {"ann", "bob"};
  made.item_names = {"a", "b", "c"};
  made.events = {{0, 0, 0, 1, 0, event_kind::click},
                 {0, 1, 10 * minute, 1, 0, event_kind::click},
                 {0, 2, 10 * minute, 1, 0, event_kind::product_return},
                 {0, 2, 40 * minute, 1, 0, event_kind::purchase},
                 {0, 0, 71 * minute, 1, 0, event_kind::click},
                 {1, 1, 10 * minute, 1, 0, event_kind::click}};
  return made;
}

data::recording_options by_gaps() {
  return {{event_kind::click, event_kind::purchase}, 30 * minute};
}

core::session_record record(core::time_ms time,
                            core::user_id user,
                            std::uint16_t world,
                            core::item_id item,
                            event_kind kind) {
  core::session_record made;
  made.time = time;
  made.user = user;
  made.world = world;
  made.item = item;
  made.session = 4;
  made.kind = kind;
  return made;
}

} // namespace

SCENARIO("a dataset becomes a log in time order", "[data][recorded_log]") {
  GIVEN("two users of whom one pauses for half an hour, and a minute longer") {
    const auto log = data::recorded_log_of(small_dataset(), by_gaps());
    THEN("events ascend by time, then by user") {
      REQUIRE(log.events.size() == 5);
      CHECK(log.events[1].user == 0);
      CHECK(log.events[1].time == log.events[2].time);
      CHECK(log.events[2].user == 1);
    }
    THEN("only the longer pause ends a session") {
      CHECK(log.events[0].session == 0);
      CHECK(log.events[3].session == 0);
      CHECK(log.events[4].session == 1);
    }
    THEN("other kinds of events are counted") {
      CHECK(log.num_others == 1);
    }
  }
  GIVEN("a source whose users are sessions") {
    auto options = by_gaps();
    options.session_gap.reset();
    const auto log = data::recorded_log_of(small_dataset(), options);
    THEN("no pause ends one") {
      for (const auto& event : log.events)
        CHECK(event.session == 0);
    }
  }
  GIVEN("a dataset without times") {
    auto timeless = small_dataset();
    timeless.has_times = false;
    THEN("it is refused") {
      CHECK_THROWS_WITH(data::recorded_log_of(timeless, by_gaps()),
                        Catch::Contains("no times"));
    }
  }
}

SCENARIO("a simulated log is that of every shopper in every world",
         "[data][recorded_log]") {
  const tests::scratch_folder folder;
  data::session_log_writer writer{folder / "sessions", {{"random"}, {}}};
  writer.append(std::vector<core::session_record>{
    record(5, 7, 0, 1, event_kind::impression), record(6, 7, 0, 1, event_kind::click),
    record(9, 7, 0, 0, event_kind::purchase), record(2, 7, 1, 0, event_kind::click)});
  writer.close();
  const auto log = data::read_simulated_log(folder / "sessions", {"a", "b"}, by_gaps());
  REQUIRE(log.events.size() == 3);
  CHECK(log.num_users == 2);
  CHECK(log.num_others == 1);
  CHECK(log.events[0].time == 2);
  CHECK(log.events[1].user == log.events[2].user);
  CHECK(log.events[0].user != log.events[1].user);
  CHECK(log.events[1].session == 4);
  CHECK_THROWS_WITH(data::read_simulated_log(folder / "sessions", {"a"}, by_gaps()),
                    Catch::Contains("item"));
}

SCENARIO("a log is put into a model's numbers by original ids",
         "[data][recorded_log]") {
  const auto log = data::recorded_log_of(small_dataset(), by_gaps());
  core::interactions rows;
  rows.num_items = 2;
  rows.append_row(std::vector<core::item_id>{0});
  rows.append_row(std::vector<core::item_id>{0, 1});
  GIVEN("a model with other numbers that was trained on one of the users") {
    const auto matched = data::match(log, {"c", "a"}, {{"eve", "ann"}, &rows});
    THEN("each event has the model's item, or none") {
      REQUIRE(matched.events.size() == 5);
      CHECK(matched.events[0].item == 1);
      CHECK(matched.events[1].item == core::no_item);
      CHECK(matched.events[3].item == 0);
    }
    THEN("unknown items are named with their numbers of events") {
      REQUIRE(matched.unknown_items.size() == 1);
      CHECK(matched.unknown_items[0].first == "b");
      CHECK(matched.unknown_items[0].second == 2);
    }
    THEN("what the model was trained on is marked") {
      CHECK(matched.events[0].is_learned == 1);
      CHECK(matched.events[1].is_learned == 0);
      CHECK(matched.events[2].is_learned == 0);
      CHECK(matched.events[3].is_learned == 1);
    }
  }
  GIVEN("a model that was trained on nothing later than the first event") {
    rows.times = {0, 0, 0};
    const auto matched = data::match(log, {"c", "a"}, {{"eve", "ann"}, &rows});
    THEN("what the user had again later is no part of its training") {
      CHECK(matched.events[0].is_learned == 1);
      CHECK(matched.events[4].item == 1);
      CHECK(matched.events[4].is_learned == 0);
    }
  }
}
