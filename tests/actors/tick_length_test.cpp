#include "actors/tick_length.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using actors::tick_length;

TEST_CASE("a market in which little happens soon has whole ticks",
          "[actors][tick_length]") {
  tick_length length{core::day_ms};
  CHECK(length.get() == core::second_ms);
  auto num_ticks = 0;
  for (; length.get() < core::day_ms; ++num_ticks)
    length.held(100);
  CHECK(num_ticks == 9);
  length.held(0);
  CHECK(length.get() == core::day_ms);
}

TEST_CASE("ticks hold about as many records as wanted", "[actors][tick_length]") {
  tick_length length{core::day_ms, 1000};
  std::size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    const auto per_second = i < 50 ? 3 : 20; // then it gets crowded
    const auto records =
      static_cast<std::size_t>(length.get() / core::second_ms) * per_second;
    length.held(records);
    if (i > 60)
      most = std::max(most, records);
  }
  CHECK(most <= 1000);
  CHECK(most > 250);
}

TEST_CASE("a tick is no shorter than a second, unless the file says so",
          "[actors][tick_length]") {
  tick_length crowded{core::hour_ms, 10};
  crowded.held(1'000'000);
  CHECK(crowded.get() == core::second_ms);
  tick_length short_ones{100, 10};
  short_ones.held(1'000'000);
  CHECK(short_ones.get() == 100);
}

TEST_CASE(
  "ticks follow one another up to what happens next, and end where whole ones do",
  "[actors][tick_length]") {
  constexpr auto most = core::hour_ms;
  tick_length length{most, 1000};
  core::time_ms passed = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const core::draw_site site{1, core::stream::synthetic_data, i, 0};
    const auto pause = core::below(site, 0, 10) == 0 ? 5 * most : 20 * core::second_ms;
    const auto earliest = passed
                          + static_cast<core::time_ms>(
                            core::below(site, 1, static_cast<std::uint64_t>(pause)));
    const auto begin = length.begin(earliest, passed);
    const auto end = length.end(begin);
    REQUIRE(begin >= passed);
    REQUIRE(begin <= earliest);
    REQUIRE(end > earliest);
    REQUIRE(end - begin <= length.get());
    REQUIRE((end - 1) / most == begin / most);
    length.held(core::below(site, 2, 1500));
    passed = end;
  }
}
