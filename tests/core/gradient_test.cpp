#include "core/gradient.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cstring>

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
  for (auto& value : g.tensor(0))
    value = static_cast<float>(normal(site, index++));
  const std::vector<std::uint32_t> rows{static_cast<std::uint32_t>(block % 3),
                                        static_cast<std::uint32_t>(3 + block % 3)};
  g.touch(1, rows);
  for (const auto row : rows)
    for (std::size_t j = 0; j < 3; ++j)
      g.tensor(1)[row * 3 + j] =
        j == 0 ? -0.0F : static_cast<float>(normal(site, index++));
  return g;
}

/// What a trainer does: its run's subtree, in post-order.
gradient subtree(const parameter_layout& layout, std::size_t first, std::size_t count) {
  if (count == 1)
    return random_gradient(layout, first);
  auto left = subtree(layout, first, count / 2);
  left.add(subtree(layout, first + count / 2, count / 2));
  return left;
}

std::vector<float> tree_over(const parameter_layout& layout,
                             const std::vector<std::size_t>& runs,
                             const arena_range& range) {
  std::vector<gradient> partials;
  std::size_t first = 0;
  for (const auto run : runs) {
    partials.push_back(subtree(layout, first, run));
    first += run;
  }
  std::vector<gradient_slice> slices;
  for (const auto& partial : partials)
    slices.push_back(partial.slice(range));
  std::vector<float> sum(range.size());
  tree_reduction{range}.sum(slices, runs, sum);
  return sum;
}

} // namespace

TEST_CASE("the tree's bits do not depend on which subtrees the trainers finished",
          "[core][gradient]") {
  const auto layout = small_layout();
  const arena_range all{0, layout.size()};
  const auto alone = tree_over(layout, {8}, all);
  for (std::size_t trainers = 2; trainers <= 8; ++trainers) {
    INFO(trainers << " trainers");
    const auto sum = tree_over(layout, runs_of_blocks(8, trainers), all);
    CHECK(std::memcmp(sum.data(), alone.data(), alone.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("ranges of the arena hold the same sums wherever they are cut",
          "[core][gradient]") {
  const auto layout = small_layout();
  const auto whole = tree_over(layout, {2, 1, 1}, {0, layout.size()});
  for (std::size_t servers = 1; servers <= 3; ++servers)
    for (const auto& range : layout.ranges(servers)) {
      const auto part = tree_over(layout, {2, 1, 1}, range);
      CHECK(std::memcmp(part.data(), whole.data() + range.begin,
                        part.size() * sizeof(float))
            == 0);
    }
}

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
    g.touch(1, std::vector<std::uint32_t>{1, 2});
    CHECK(g.slice({0, layout.size()}).size() == 2);
  }
  SECTION("a range cuts runs") {
    const auto part = g.slice({2, layout[1].offset + 1});
    REQUIRE(part.size() == 2);
    CHECK(part[0].length == 3);
    CHECK(part[1].length == 1);
  }
  SECTION("clearing leaves zeros everywhere") {
    g.clear();
    CHECK(g.touched(1).empty());
    for (const auto value : g.values())
      CHECK(value == 0);
  }
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
