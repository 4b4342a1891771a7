#include "actors/child_process.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <thread>

using namespace souk;

namespace {

constexpr double stopped_most = 1;

/// Watches a child for that long, as those who keep one do.
void watch(actors::child_process& child, double seconds) {
  for (double passed = 0; passed < seconds && child.end().empty(); passed += 0.05) {
    child.kill_if_stopped_for(stopped_most);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

actors::child_process sleeper() {
  return actors::child_process{{"/bin/sleep", "1000"}};
}

} // namespace

SCENARIO("a child says how it ended", "[actors][child_process]") {
  auto killed = sleeper();
  CHECK(killed.end().empty());
  CHECK_FALSE(killed.exit_code());
  killed.kill();
  CHECK(killed.end() == "was killed by signal 9");
  CHECK_FALSE(killed.exit_code());

  actors::child_process failed{{"/bin/sh", "-c", "exit 3"}};
  watch(failed, 10);
  CHECK(failed.end() == "ended with exit code 3");
  CHECK(failed.exit_code() == 3);
}

SCENARIO("a child that stays stopped is killed", "[actors][child_process]") {
  auto frozen = sleeper();
  auto healthy = sleeper();
  kill(frozen.id(), SIGSTOP);
  watch(frozen, 10 * stopped_most);
  watch(healthy, 0.1);
  CHECK(frozen.end() == "was killed by signal 9");
  CHECK(healthy.end().empty());
  healthy.kill();
}

SCENARIO("a child that goes on again is left alone", "[actors][child_process]") {
  auto child = sleeper();
  for (int i = 0; i < 4; ++i) {
    kill(child.id(), SIGSTOP);
    watch(child, 0.3 * stopped_most);
    kill(child.id(), SIGCONT);
    watch(child, 0.2);
  }
  CHECK(child.end().empty());
  child.kill();
}

SCENARIO("time that passed unseen does not count against a child that is stopped",
         "[actors][child_process]") {
  auto child = sleeper();
  kill(child.id(), SIGSTOP);
  watch(child, 0.2);
  // As if this process had been stopped as well.
  std::this_thread::sleep_for(std::chrono::duration<double>{1.2 * stopped_most});
  child.kill_if_stopped_for(stopped_most);
  CHECK(child.end().empty());
  child.kill();
}
