#include "core/parameter_layout.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("tensors start on cache lines of one arena", "[core][parameter_layout]") {
  parameter_layout layout;
  layout.add("a", {3, 5});
  const auto b = layout.add("b", {2});
  CHECK(layout[b].offset == 16);
  CHECK(layout.size() == 32);
  CHECK(layout[0].size() == 15);
  CHECK(layout[0].row_size() == 5);
  CHECK(layout[b].row_size() == 1);

  parameter_arena arena(layout.size());
  view(span<float>{arena}, layout[b])[1] = 7;
  CHECK(arena[17] == 7);
  CHECK(reinterpret_cast<std::uintptr_t>(arena.data()) % 64 == 0);
}

TEST_CASE("ranges tile the arena on cache lines", "[core][parameter_layout]") {
  parameter_layout layout;
  layout.add("a", {100, 7});
  for (std::size_t count = 1; count <= 5; ++count) {
    const auto ranges = layout.ranges(count);
    REQUIRE(ranges.size() == count);
    CHECK(ranges.front().begin == 0);
    CHECK(ranges.back().end == layout.size());
    for (std::size_t i = 1; i < count; ++i) {
      CHECK(ranges[i].begin == ranges[i - 1].end);
      CHECK(ranges[i].begin % 16 == 0);
    }
  }
}
