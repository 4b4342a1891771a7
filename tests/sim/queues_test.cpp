#include "sim/delayed_events.hpp"
#include "sim/record_log.hpp"
#include "sim/record_merge.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

namespace {

delayed_event due(core::time_ms time, core::item_id item) {
  delayed_event event;
  event.time = time;
  event.item = item;
  return event;
}

core::session_record told(core::time_ms time, core::user_id user, std::uint32_t step) {
  core::session_record record;
  record.time = time;
  record.user = user;
  record.step = step;
  return record;
}

} // namespace

TEST_CASE("delayed events come in the order of their times, per user",
          "[sim][delayed_events]") {
  delayed_events queue{2};
  queue.push(0, due(30, 1));
  queue.push(0, due(10, 2));
  queue.push(1, due(5, 3));
  queue.push(0, due(30, 4));
  CHECK(queue.next_time(0, 99) == 10);
  CHECK(queue.pop(0).item == 2);
  CHECK(queue.pop(0).item == 1);
  CHECK(queue.pop(0).item == 4);
  CHECK(queue.next_time(0, 99) == 99);
  CHECK(queue.pop(1).item == 3);
  queue.push(1, due(7, 5));
  CHECK(queue.pop(1).item == 5);
}

TEST_CASE("postponed events keep their order", "[sim][delayed_events]") {
  delayed_events queue{1};
  queue.push(0, due(10, 1));
  queue.push(0, due(20, 2));
  queue.push(0, due(40, 3));
  queue.postpone(0, 30);
  CHECK(queue.next_time(0, 99) == 30);
  CHECK(queue.pop(0).item == 1);
  const auto second = queue.pop(0);
  CHECK(second.item == 2);
  CHECK(second.time == 30);
  CHECK(queue.pop(0).time == 40);
}

TEST_CASE("records are told in order, and not before their time", "[sim][record_log]") {
  record_log log;
  log.add(told(50, 1, 0));
  log.add(told(50, 1, 1));
  log.add(told(120, 1, 2));
  log.add(told(20, 2, 0));
  log.add(told(50, 0, 3));
  const auto first = log.take_before(100);
  REQUIRE(first.size() == 4);
  CHECK(first[0].user == 2);
  CHECK(first[1].user == 0);
  CHECK(first[2].step == 0);
  CHECK(first[3].step == 1);
  CHECK(log.next_time(999) == 120);
  CHECK(log.take_before(121).size() == 1);
  CHECK(log.next_time(999) == 999);
}

TEST_CASE("what cohorts told is merged by time, then user, then step",
          "[sim][record_merge]") {
  std::vector<core::session_record> first{told(10, 3, 0), told(10, 3, 1),
                                          told(20, 1, 0), told(30, 3, 2)};
  std::vector<core::session_record> second{told(10, 2, 0), told(20, 2, 1)};
  std::vector<core::session_record> silent;
  std::vector<std::size_t> runs;
  std::vector<core::session_record> merged;
  merge_records({first, silent, second}, [&](core::span<core::session_record> run) {
    runs.push_back(run.size());
    merged.insert(merged.end(), run.begin(), run.end());
  });
  const std::vector<std::pair<core::time_ms, core::user_id>> order{
    {10, 2}, {10, 3}, {10, 3}, {20, 1}, {20, 2}, {30, 3}};
  REQUIRE(merged.size() == order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    CHECK(merged[i].time == order[i].first);
    CHECK(merged[i].user == order[i].second);
  }
  CHECK(merged[1].step < merged[2].step);
  CHECK(runs == std::vector<std::size_t>{1, 3, 1, 1});
}
