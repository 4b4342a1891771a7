#include "actors/run_board.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::actors;

namespace {

double seconds = 0;

double still_clock() {
  return seconds;
}

core::work_counters computed(double time) {
  core::work_counters work;
  work.compute_seconds = time;
  return work;
}

} // namespace

TEST_CASE("a board tells the rate of the task in hand", "[actors][run_board]") {
  seconds = 10;
  run_board board{still_clock};
  board.advance("training vae", 500, 1000, "steps", "");
  CHECK(board.status().units_per_second == 0);
  seconds = 14;
  board.advance("training vae", 540, 1000, "steps", "loss 3");
  CHECK(board.status().units_per_second == 10); // what was there before does not count
  CHECK(board.status().detail == "loss 3");
  // Training went back to a checkpoint.
  board.advance("training vae", 520, 1000, "steps", "");
  seconds = 15;
  board.advance("training vae", 523, 1000, "steps", "");
  CHECK(board.status().units_per_second == 3);
}

TEST_CASE("a board counts how often a role was started anew", "[actors][run_board]") {
  run_board board;
  board.started("trainer 0", "process 1");
  board.worked("trainer 0", computed(1));
  board.started("trainer 1", "this process");
  board.slower("trainer 1", 2.5);
  board.started("trainer 0", "process 2");
  const auto roles = board.status().roles;
  REQUIRE(roles.size() == 2);
  CHECK(roles[0].role == "trainer 0");
  CHECK(roles[0].process == "process 2");
  CHECK(roles[0].restarts == 1);
  CHECK(roles[0].work.compute_seconds == 1);
  CHECK(roles[1].restarts == 0);
  CHECK(roles[1].times_slower == 2.5);
  CHECK(board.process_of("trainer 1") == "this process");
  board.begin_training();
  CHECK(board.status().roles.empty());
}

TEST_CASE("work is taken from a board once, and stays in its totals",
          "[actors][run_board]") {
  run_board board;
  board.worked("trainer 0", computed(1));
  board.worked("trainer 0", computed(2));
  CHECK(board.take_work().at(0).work.compute_seconds == 3);
  board.worked("trainer 0", computed(4));
  CHECK(board.take_work().at(0).work.compute_seconds == 4);
  CHECK(board.take_work().at(0).work.compute_seconds == 0);
  CHECK(board.status().roles.at(0).work.compute_seconds == 7);
}
