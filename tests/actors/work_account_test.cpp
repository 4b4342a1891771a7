#include "actors/work_account.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::actors;

namespace {

double seconds = 0;

double still_clock() {
  return seconds;
}

} // namespace

TEST_CASE("an account adds up to the time that passed", "[actors][work_account]") {
  seconds = 100;
  work_account work{still_clock};
  seconds += 1;
  {
    const auto computing = work.computing();
    seconds += 2;
    {
      const auto sending = work.sending();
      seconds += 4;
    }
    seconds += 8; // computes again
  }
  {
    const auto applying = work.applying();
    seconds += 16;
  }
  seconds += 32;
  const auto done = work.take();
  CHECK(done.compute_seconds == 10);
  CHECK(done.send_seconds == 4);
  CHECK(done.apply_seconds == 16);
  CHECK(done.wait_seconds == 33);
}

TEST_CASE("an account begins anew when it was taken, in the midst of something too",
          "[actors][work_account]") {
  seconds = 0;
  work_account work{still_clock};
  work.sent(5);
  work.received(7);
  work.queued(3);
  work.queued(2);
  const auto computing = work.computing();
  seconds += 1;
  const auto first = work.take();
  CHECK(first.compute_seconds == 1);
  CHECK(first.bytes_sent == 5);
  CHECK(first.bytes_received == 7);
  CHECK(first.queue_max == 3);
  seconds += 2;
  const auto second = work.take();
  CHECK(second.compute_seconds == 2);
  CHECK(second.wait_seconds == 0);
  CHECK(second.bytes_sent == 0);
  CHECK(second.queue_max == 0);
}

TEST_CASE("accounts add up over time, and of queues the longest counts",
          "[actors][work_account]") {
  core::work_counters sum{1, 2, 3, 4, 5, 6, 7};
  core::add(sum, {10, 20, 30, 40, 50, 60, 5});
  CHECK(sum.compute_seconds == 11);
  CHECK(sum.wait_seconds == 22);
  CHECK(sum.send_seconds == 33);
  CHECK(sum.apply_seconds == 44);
  CHECK(sum.bytes_sent == 55);
  CHECK(sum.bytes_received == 66);
  CHECK(sum.queue_max == 7);
}
