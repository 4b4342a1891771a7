#include "actors/bulk/segment_pool.hpp"

#include <catch2/catch.hpp>

using namespace souk::actors::bulk;

TEST_CASE("segments are lent again when they came back", "[actors][bulk]") {
  segment_pool pool{1 << 20};
  const auto first = pool.lend(100'000);
  REQUIRE(first.segment);
  CHECK(first.is_new);
  CHECK(first.segment->size() >= 100'000);
  const auto second = pool.lend(100'000);
  CHECK(second.number != first.number);
  CHECK(pool.give_back(first.number));
  CHECK_FALSE(pool.give_back(first.number));
  CHECK_FALSE(pool.give_back(77));
  const auto third = pool.lend(90'000);
  CHECK(third.number == first.number);
  CHECK_FALSE(third.is_new);
}

TEST_CASE("a pool of segments stays below its limit", "[actors][bulk]") {
  segment_pool pool{1 << 20};
  const auto first = pool.lend(500'000);
  REQUIRE(first.segment);
  CHECK(pool.lend(700'000).segment == nullptr);
  CHECK(pool.lend(~std::uint64_t{0} / 2).segment == nullptr);
  CHECK(pool.give_back(first.number));
  const auto larger = pool.lend(700'000);
  REQUIRE(larger.segment);
  CHECK(larger.retired == std::vector{first.number});
}
