#include "core/gradient.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace souk::core;

namespace {

/// A dense tensor of 5 numbers and a sparse one of 6 rows of 3.
parameter_layout small_layout() {
  parameter_layout layout;
  layout.add("dense", {5});
  layout.add("sparse", {6, 3}, /*sparse_rows=*/true);
  return layout;
}

/// A block's gradient: random numbers, two touched rows, some of them negative zeros.
gradient random_gradient(const parameter_layout& layout, std::uint64_t block) {
  gradient g{layout};
  const draw_site site{3, stream::synthetic_data, block, 0};
  std::uint32_t index = 0;
  for (auto& value : g.dense(0))
    value = static_cast<float>(normal(site, index++));
  const std::vector<std::uint32_t> rows{static_cast<std::uint32_t>(block % 3),
                                        static_cast<std::uint32_t>(3 + block % 3)};
  const auto values = g.touch(1, rows);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = i % 3 == 0 ? -0.0F : static_cast<float>(normal(site, index++));
  return g;
}

} // namespace

TEST_CASE("a gradient shows only the rows that it touched", "[core][gradient]") {
  const auto layout = small_layout();
  auto g = random_gradient(layout, 0); // touches rows 0 and 3
  const auto slice = g.slice({0, layout.size()});
  REQUIRE(slice.size() == 3);
  CHECK(slice[0].length == 5);
  CHECK(slice[1].offset == layout[1].offset);
  CHECK(slice[2].offset == layout[1].offset + 9);
  CHECK(slice[2].length == 3);

  SECTION("neighbouring rows are one run") {
    g.touch(1, std::vector<std::uint32_t>{1, 2, 3});
    CHECK(g.slice({0, layout.size()}).size() == 2);
  }
  SECTION("a range cuts runs") {
    const auto part = g.slice({2, layout[1].offset + 1});
    REQUIRE(part.size() == 2);
    CHECK(part[0].length == 3);
    CHECK(part[1].length == 1);
  }
}

TEST_CASE("touching other rows forgets the former", "[core][gradient]") {
  const auto layout = small_layout();
  auto g = random_gradient(layout, 0);
  CHECK(g.touch(1, std::vector<std::uint32_t>{5}).size() == 3);
  CHECK(g.touched(1).size() == 1);
  g.touch(1, {});
  CHECK(g.slice({0, layout.size()}).size() == 1);
}

TEST_CASE("blocks are divided into aligned runs", "[core][gradient]") {
  CHECK(runs_of_blocks(4, 1) == std::vector<std::size_t>{4});
  CHECK(runs_of_blocks(4, 2) == std::vector<std::size_t>{2, 2});
  CHECK(runs_of_blocks(4, 3) == std::vector<std::size_t>{1, 1, 2});
  CHECK(runs_of_blocks(8, 5) == std::vector<std::size_t>{1, 1, 2, 2, 2});
  CHECK(runs_of_blocks(4, 4) == std::vector<std::size_t>{1, 1, 1, 1});
}

TEST_CASE("losses reduce along the same tree", "[core][gradient]") {
  const std::vector<double> losses{1e16, 1, -1e16, 1};
  // ((1e16 + 1) + (-1e16 + 1)): rounding makes the order visible.
  CHECK(tree_sum(losses) == (1e16 + 1) + (-1e16 + 1));
}
