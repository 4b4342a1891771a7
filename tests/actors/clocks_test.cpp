#include "actors/clocks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace souk::actors;

namespace {

consistency_options
options(consistency_kind kind, std::uint32_t workers = 1, std::uint32_t period = 1) {
  consistency_options made;
  made.kind = kind;
  made.workers = workers;
  made.period = period;
  return made;
}

std::vector<std::uint64_t>
steps_of(const clocks& time, clocks::worker_range who, std::uint64_t end) {
  std::vector<std::uint64_t> steps;
  for (auto step = time.first_step(who, 0); step < end;
       step = time.next_step(who, step))
    steps.push_back(step);
  return steps;
}

} // namespace

TEST_CASE("a clock of bsp is a step", "[actors][clocks]") {
  for (const auto& time : {clocks{}, clocks{options(consistency_kind::bsp), 3}})
    for (std::uint64_t step = 0; step < 10; ++step) {
      CHECK(time.of(step) == step);
      CHECK(time.is_cut(step));
      CHECK(time.end(step) == step + 1);
      CHECK(time.worker(step) == 0);
      CHECK(time.next_turn(step) == step + 1);
      CHECK(time.steps_before(step) == step);
    }
}

TEST_CASE("a clock of ssp is a step of every worker", "[actors][clocks]") {
  // Five steps an epoch, three workers: 0 1 2 | 3 4 || 5 6 7 | 8 9.
  const clocks time{options(consistency_kind::ssp, 3), 5};
  CHECK(time.of(2) == 0);
  CHECK(time.of(3) == 1);
  CHECK(time.of(5) == 2); // an epoch begins a clock
  CHECK(time.end(3) == 5);
  CHECK(time.cut_from(1) == 3);
  CHECK(time.cut_from(4) == 5);
  CHECK(time.cut_from(5) == 5);
  CHECK(time.turns(3) == 2);
  CHECK(time.worker(7) == 2);
  CHECK(steps_of(time, {0, 1}, 10) == std::vector<std::uint64_t>{0, 3, 5, 8});
  CHECK(steps_of(time, {2, 1}, 10) == std::vector<std::uint64_t>{2, 7});
  CHECK(time.next_turn(2) == 7); // it has no part in the clock that begins at 3
  CHECK(time.steps_before(7) == 1);
}

TEST_CASE("a clock of local SGD is a period of every replica", "[actors][clocks]") {
  // Eleven steps an epoch, two replicas, three steps each: six steps, then five.
  const clocks time{options(consistency_kind::local_sgd, 2, 3), 11};
  CHECK(time.end(0) == 6);
  CHECK(time.end(6) == 11);
  CHECK(time.of(11) == 2);
  CHECK(steps_of(time, {0, 1}, 11) == std::vector<std::uint64_t>{0, 2, 4, 6, 8, 10});
  CHECK(steps_of(time, {1, 1}, 11) == std::vector<std::uint64_t>{1, 3, 5, 7, 9});
  // Who serves both has one after the other, clock by clock.
  CHECK(steps_of(time, {0, 2}, 11)
        == std::vector<std::uint64_t>{0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9});
  CHECK(time.steps_before(10) == 5);
  CHECK(time.steps_before(11) == 6);
  CHECK(time.steps_before(12) == 5);
}

TEST_CASE("a worker beyond the steps of an epoch never has one", "[actors][clocks]") {
  const clocks time{options(consistency_kind::asp, 4), 3};
  CHECK(time.first_step({3, 1}, 0) == clocks::never);
  CHECK(time.turns(0) == 3);
}

TEST_CASE("workers share the steps, each taken once", "[actors][clocks]") {
  for (const auto kind : {consistency_kind::ssp, consistency_kind::local_sgd})
    for (std::uint64_t per_epoch = 1; per_epoch <= 13; ++per_epoch)
      for (std::uint32_t workers = 1; workers <= 5; ++workers)
        for (std::uint32_t parts = 1; parts <= workers; ++parts) {
          const clocks time{options(kind, workers, 2), per_epoch};
          const auto end = 3 * per_epoch;
          std::vector<std::uint64_t> all;
          std::map<std::uint32_t, std::uint64_t> taken;
          for (std::uint32_t i = 0; i < parts; ++i) {
            const auto first = workers * i / parts;
            for (const auto step :
                 steps_of(time, {first, workers * (i + 1) / parts - first}, end)) {
              CHECK(time.steps_before(step) == taken[time.worker(step)]++);
              all.push_back(step);
            }
          }
          std::sort(all.begin(), all.end());
          REQUIRE(all.size() == end);
          for (std::uint64_t step = 0; step < end; ++step) {
            REQUIRE(all[step] == step);
            CHECK(time.is_cut(time.end(step)));
            CHECK(time.of(time.begin(step)) == time.of(step));
            CHECK(time.of(time.end(step)) == time.of(step) + 1);
          }
        }
}
