#include "models/optimiser.hpp"

#include "core/random.hpp"
#include "tests/models/toy_data.hpp"
#include "tests/support/sum_of_gradients.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace souk;
using namespace souk::core;
using namespace souk::models;
using souk::models::testing::normals;

namespace {

/// A dense tensor of many tiles and a sparse one of 600 rows of 31.
parameter_layout wide_layout() {
  parameter_layout layout;
  layout.add("dense", {9000});
  layout.add("sparse", {600, 31}, /*sparse_rows=*/true);
  return layout;
}

/// A block's gradient: random numbers, every seventh row, some of them negative zeros.
gradient random_gradient(const parameter_layout& layout, std::uint64_t block) {
  gradient g{layout};
  fill_normals({3, stream::synthetic_data, block, 0}, g.dense(0));
  std::vector<std::uint32_t> rows;
  for (auto row = static_cast<std::uint32_t>(block % 7); row < 600; row += 7)
    rows.push_back(row);
  const auto values = g.touch(1, rows);
  fill_normals({3, stream::synthetic_data, block, 1}, values);
  for (std::size_t i = 0; i < values.size(); i += 5)
    values[i] = -0.0F;
  return g;
}

/// What a trainer does: its run's subtree, in post-order.
gradient subtree(const parameter_layout& layout, std::size_t first, std::size_t count) {
  if (count == 1)
    return random_gradient(layout, first);
  const auto half = count / 2;
  return tests::sum_of(subtree(layout, first, half),
                       subtree(layout, first + half, half));
}

/// Parameters and moments of a range after two steps.
struct applied {
  std::vector<float> parameters, first, second;

  applied(const parameter_layout& layout,
          const std::vector<std::size_t>& runs,
          const arena_range& range,
          std::size_t threads = 1)
    : parameters(range.size()), first(range.size()), second(range.size()) {
    std::vector<gradient> partials;
    std::size_t block = 0;
    for (const auto run : runs) {
      partials.push_back(subtree(layout, block, run));
      block += run;
    }
    std::vector<partial_sum> tree;
    for (std::size_t i = 0; i < runs.size(); ++i)
      tree.push_back({runs[i], partials[i].slice(range)});
    optimiser rule{{}, range, threads};
    for (std::uint64_t step = 1; step <= 2; ++step)
      rule.apply(step, tree, {parameters, first, second});
  }

  bool equals(const applied& other) const {
    return same(parameters, other.parameters) && same(first, other.first)
           && same(second, other.second);
  }

  static bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size()
           && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
  }
};

} // namespace

TEST_CASE("a step's bits do not depend on which subtrees the trainers finished",
          "[models][optimiser]") {
  const auto layout = wide_layout();
  const arena_range all{0, layout.size()};
  const applied alone{layout, {8}, all};
  for (std::size_t trainers = 2; trainers <= 8; ++trainers) {
    INFO(trainers << " trainers");
    CHECK(applied{layout, runs_of_blocks(8, trainers), all, trainers}.equals(alone));
  }
}

TEST_CASE("a step's bits do not depend on where the arena is cut, nor on threads",
          "[models][optimiser]") {
  const auto layout = wide_layout();
  const applied whole{layout, {2, 1, 1}, {0, layout.size()}};
  for (const std::size_t threads : {1, 2, 3, 8})
    for (std::size_t servers = 1; servers <= 5; ++servers)
      for (const auto& range : layout.ranges(servers)) {
        const applied part{layout, {2, 1, 1}, range, threads};
        CHECK(std::memcmp(part.parameters.data(), whole.parameters.data() + range.begin,
                          part.parameters.size() * sizeof(float))
              == 0);
      }
}

TEST_CASE("what no partial sum covers has a gradient of zero", "[models][optimiser]") {
  std::vector<float> w{1.0F, 2.0F, 3.0F};
  std::vector<float> m(3);
  std::vector<float> v(3);
  const std::vector<float> values{1.0F};
  const std::vector<partial_sum> tree{{1, {{11, 1, values.data()}}}, {1, {}}};
  optimiser{{}, {10, 13}, 1}.apply(1, tree, {w, m, v});
  CHECK(w[0] == 1.0F);
  CHECK(w[1] < 2.0F);
  CHECK(w[2] == 3.0F);
  CHECK(m[1] > 0);
}

TEST_CASE("bf16 numbers are summed as the floats that they are",
          "[models][optimiser]") {
  // Two tiles; runs that cover a tile, end inside one and cross into the next.
  constexpr std::size_t size = 4'096;
  std::vector<float> values(size);
  fill_normals({1, stream::synthetic_data, 1, 0}, values);
  std::vector<kernels::bf16> halves(size);
  kernels::round_to_bf16(values, halves.data());
  kernels::widen(halves.data(), values);
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> places{
    {0, 2'048}, {2'050, 7}, {3'000, 500}};
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> others{{2'000, 100},
                                                                    {3'100, 996}};
  const auto floats_at = [&](const auto& runs) {
    partial_sum part;
    for (const auto& [offset, length] : runs)
      part.runs.push_back({offset, length, values.data() + offset});
    return part;
  };
  const auto halves_at = [&](const auto& runs) {
    partial_sum part;
    for (const auto& [offset, length] : runs)
      part.rounded.push_back({offset, length, halves.data() + offset});
    return part;
  };
  const auto step = [&](const std::vector<partial_sum>& tree) {
    std::vector<float> w(size, 1.0F);
    std::vector<float> m(size);
    std::vector<float> v(size);
    optimiser{{}, {0, size}, 1}.apply(1, tree, {w, m, v});
    return w;
  };
  const auto expected = step({floats_at(places), floats_at(others)});
  CHECK(step({halves_at(places), halves_at(others)}) == expected);
  CHECK(step({floats_at(places), halves_at(others)}) == expected);
  CHECK(step({halves_at(places), floats_at(others)}) == expected);
}
