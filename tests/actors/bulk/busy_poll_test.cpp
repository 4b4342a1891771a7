#include "actors/bulk/busy_poll.hpp"

#include <catch2/catch.hpp>

using namespace souk::actors::bulk;
using namespace std::chrono_literals;

TEST_CASE("an io context has something to do for a moment",
          "[actors][bulk][busy_poll]") {
  boost::asio::io_context io{1};
  const auto polling = std::make_shared<busy_poll>(io);
  polling->go_on_for(2ms);
  polling->go_on_for(2ms); // not twice as busy
  const auto begin = std::chrono::steady_clock::now();
  CHECK(io.run() > 1);
  CHECK(std::chrono::steady_clock::now() - begin >= 1ms);
  // And again, when the next tensor comes.
  io.restart();
  polling->go_on_for(0ms);
  CHECK(io.run() == 1);
}

TEST_CASE("after its end it keeps nobody awake", "[actors][bulk][busy_poll]") {
  boost::asio::io_context io{1};
  const auto polling = std::make_shared<busy_poll>(io);
  polling->go_on_for(1h);
  CHECK(io.run_one() == 1);
  polling->end();
  CHECK(io.run() == 1); // what was posted already
  io.restart();
  polling->go_on_for(1h);
  CHECK(io.run() == 0);
}
