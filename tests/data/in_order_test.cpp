#include "data/in_order.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>

using namespace souk;

namespace {

struct number_slot {
  std::uint64_t number = 0;
};

/// Squares 0, ..., count - 1, and throws at `broken` from the hand of that name.
std::vector<std::uint64_t>
squares(std::uint64_t count, std::uint64_t broken = 0, char hand = '-') {
  std::vector<std::uint64_t> made;
  data::in_order<number_slot>(
    count,
    [&](number_slot& slot, std::uint64_t i) {
      if (hand == 'b' && i == broken)
        throw std::runtime_error{"broken"};
      slot.number = i;
    },
    [&](number_slot& slot) {
      if (hand == 'w' && slot.number == broken)
        throw std::runtime_error{"broken"};
      slot.number *= slot.number;
    },
    [&](number_slot& slot, std::uint64_t i) {
      if (hand == 'f' && i == broken)
        throw std::runtime_error{"broken"};
      REQUIRE(i == made.size());
      made.push_back(slot.number);
    });
  return made;
}

} // namespace

TEST_CASE("pieces that threads share come out in order", "[data][in_order]") {
  for (const std::uint64_t count : {0, 1, 2, 3, 500}) {
    const auto made = squares(count);
    REQUIRE(made.size() == count);
    for (std::uint64_t i = 0; i < count; ++i)
      CHECK(made[i] == i * i);
  }
}

TEST_CASE("an exception of any hand reaches the caller", "[data][in_order]") {
  for (const auto hand : {'b', 'w', 'f'})
    for (const std::uint64_t broken : {0, 1, 40})
      CHECK_THROWS_WITH(squares(41, broken, hand), "broken");
}
