#include "actors/bulk/waiting_room.hpp"

#include <catch2/catch.hpp>

#include <vector>

using souk::actors::bulk::waiting_room;

SCENARIO("who has waited longest leaves a full room", "[actors][bulk]") {
  waiting_room room{2};
  std::vector<int> sent_away;
  std::vector<waiting_room::seat> seats(3);
  const auto enter = [&](std::size_t i) {
    seats[i] = room.enter([&, i] {
      sent_away.push_back(static_cast<int>(i));
      seats[i].leave();
    });
  };
  enter(0);
  enter(1);
  CHECK(sent_away.empty());
  SECTION("when one more comes") {
    enter(2);
    CHECK(sent_away == std::vector<int>{0});
    CHECK(room.size() == 2);
  }
  SECTION("but not when there is room again") {
    seats[1].leave();
    enter(2);
    CHECK(sent_away.empty());
  }
}
