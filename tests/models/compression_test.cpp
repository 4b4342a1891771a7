#include "models/compression.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

using namespace souk;
using namespace souk::models;

namespace {

/// A bias of 3, a matrix of 4 x 5, and one of 6 x 2 whose rows are sparse.
core::parameter_layout small_layout() {
  core::parameter_layout layout;
  layout.add("bias", {3});
  layout.add("matrix", {4, 5});
  layout.add("rows", {6, 2}, /*sparse_rows=*/true);
  return layout;
}

/// A gradient drawn for a step, with these rows touched.
core::gradient drawn(const core::parameter_layout& layout,
                     std::uint64_t step,
                     std::vector<std::uint32_t> rows) {
  core::gradient gradient{layout};
  const auto fill = [&](std::uint64_t tensor, core::span<float> values) {
    core::fill_normals({step, core::stream::synthetic_data, tensor, 0}, values);
  };
  fill(0, gradient.dense(0));
  fill(1, gradient.dense(1));
  fill(2, gradient.touch(2, rows));
  return gradient;
}

/// Writes what arrived into an arena of zeros.
std::vector<float> spread(const unpacked_gradient& numbers, std::size_t size) {
  std::vector<float> arena(size);
  for (const auto& run : numbers.runs)
    std::copy_n(run.values, run.length, arena.data() + run.offset);
  for (const auto& run : numbers.rounded)
    kernels::widen(run.values, {arena.data() + run.offset, run.length});
  return arena;
}

/// What the servers get, once it was packed for `servers` ranges.
std::vector<float> received(const compressed_gradient& sent,
                            const core::parameter_layout& layout,
                            std::size_t servers = 1) {
  std::vector<float> arena(layout.size());
  for (const auto& range : layout.ranges(servers)) {
    packed_words words;
    pack(sent, range, words);
    const auto part = spread(unpack(words, range), layout.size());
    std::copy(part.begin() + static_cast<std::ptrdiff_t>(range.begin),
              part.begin() + static_cast<std::ptrdiff_t>(range.end),
              arena.begin() + static_cast<std::ptrdiff_t>(range.begin));
  }
  return arena;
}

std::vector<float> copy_of(core::span<const float> values) {
  return {values.begin(), values.end()};
}

std::vector<float> arena_of(const core::gradient& gradient) {
  const auto size = gradient.layout().size();
  return spread({gradient.slice({0, size}), {}}, size);
}

compression_options top(double fraction) {
  return {compression_kind::top_k, fraction};
}

} // namespace

TEST_CASE("top_k sends the largest of each matrix and biases whole",
          "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor compressor{top(0.1), layout, 1, 1};
  core::gradient gradient{layout};
  gradient.dense(0)[1] = 0.001F;
  const auto matrix = gradient.dense(1);
  std::iota(matrix.begin(), matrix.end(), -10.0F); // -10 ... 9
  const auto rows = gradient.touch(2, std::vector<std::uint32_t>{1, 4});
  const std::vector<float> touched{0.5F, -2, 1, 0};
  std::copy(touched.begin(), touched.end(), rows.begin());
  compressed_gradient sent;
  compressor.compress(0, 0, gradient, sent);

  // Two of 20 and, of the 4 touched elements, the least that is sent: one.
  const auto at_matrix = layout[1].offset;
  const auto at_rows = layout[2].offset;
  CHECK(sent.offsets
        == std::vector<std::uint64_t>{at_matrix, at_matrix + 1, at_rows + 3});
  CHECK(sent.values == std::vector<float>{-10, -9, -2});
  const auto arena = received(sent, layout);
  CHECK(arena[1] == 0.001F);
  const auto residual = compressor.residual(0);
  CHECK(residual[1] == 0);
  CHECK(residual[at_matrix] == 0);
  CHECK(residual[at_matrix + 2] == -8);
  CHECK(residual[at_matrix + 19] == 9); // a tie with -9, which lies first
  CHECK(residual[at_rows + 2] == 0.5F);
  CHECK(residual[at_rows + 3] == 0);
  CHECK(residual[at_rows + 8] == 1);
}

TEST_CASE("what was sent and what stays make up the gradient, to the bit",
          "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor compressor{top(0.2), layout, 1, 2};
  const std::vector<std::vector<std::uint32_t>> touched{
    {0, 3}, {1, 3, 5}, {}, {0, 1, 2}};
  for (std::uint64_t step = 0; step < 40; ++step) {
    const auto before = copy_of(compressor.residual(0));
    const auto gradient = drawn(layout, step, touched[step % touched.size()]);
    compressed_gradient sent;
    compressor.compress(step, 0, gradient, sent);
    const auto arena = received(sent, layout, 1 + step % 3);
    const auto computed = arena_of(gradient);
    for (std::size_t i = 0; i < layout.size(); ++i) {
      CHECK((arena[i] == 0 || compressor.residual(0)[i] == 0));
      CHECK(arena[i] + compressor.residual(0)[i] == computed[i] + before[i]);
    }
  }
}

TEST_CASE("a fraction of one sends everything and keeps nothing",
          "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor compressor{top(1), layout, 1, 1};
  const auto gradient = drawn(layout, 0, {2, 3});
  compressed_gradient sent;
  compressor.compress(0, 0, gradient, sent);
  CHECK(received(sent, layout, 3) == arena_of(gradient));
  CHECK(copy_of(compressor.residual(0)) == std::vector<float>(layout.size()));
}

TEST_CASE("the smallest fraction sends one element of each matrix",
          "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor compressor{top(1e-12), layout, 1, 1};
  compressed_gradient sent;
  compressor.compress(0, 0, drawn(layout, 0, {2}), sent);
  CHECK(sent.offsets.size() == 2);
  // Where no row is touched there is nothing to send.
  compressor.compress(1, 0, drawn(layout, 1, {}), sent);
  CHECK(sent.offsets.size() == 1);
}

TEST_CASE("a block's residual does not depend on who computes it",
          "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor together{top(0.1), layout, 3, 1};
  gradient_compressor alone{top(0.1), layout, 1, 2};
  compressed_gradient sent;
  for (std::uint64_t step = 0; step < 5; ++step) {
    for (const std::size_t block : {2, 0, 1})
      together.compress(step, block, drawn(layout, 10 * step + block, {1, 2}), sent);
    alone.compress(step, 0, drawn(layout, 10 * step + 1, {1, 2}), sent);
  }
  CHECK(copy_of(together.residual(1)) == copy_of(alone.residual(0)));
  CHECK(copy_of(together.residual(0)) != copy_of(alone.residual(0)));
}

TEST_CASE("a residual goes on where it was saved", "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor whole{top(0.1), layout, 1, 1};
  compressed_gradient sent;
  whole.compress(0, 0, drawn(layout, 0, {1}), sent);
  gradient_compressor later{top(0.1), layout, 1, 1};
  later.restore(0, 1, whole.residual(0));
  for (auto* compressor : {&whole, &later})
    compressor->compress(1, 0, drawn(layout, 1, {1, 3}), sent);
  CHECK(copy_of(later.residual(0)) == copy_of(whole.residual(0)));
  CHECK(later.step(0) == 2);
  later.restore(0, 0, {});
  CHECK(copy_of(later.residual(0)) == std::vector<float>(layout.size()));
  CHECK_THROWS_AS(later.compress(1, 0, drawn(layout, 1, {}), sent), core::error);
}

TEST_CASE("bf16 rounds every number and keeps nothing", "[models][compression]") {
  const auto layout = small_layout();
  gradient_compressor compressor{{compression_kind::bf16, 0}, layout, 1, 1};
  CHECK_FALSE(compressor.keeps_residuals());
  core::gradient gradient{layout};
  gradient.dense(0)[2] = 1.0F + 0x1p-8F;     // a tie, to even
  gradient.dense(1)[7] = 1.0F + 3 * 0x1p-8F; // another
  const auto row = gradient.touch(2, std::vector<std::uint32_t>{5});
  row[0] = -0x1.234p-30F;
  row[1] = 0;
  compressed_gradient sent;
  compressor.compress(0, 0, gradient, sent);
  for (const std::size_t servers : {1, 2, 3}) {
    const auto arena = received(sent, layout, servers);
    CHECK(arena[2] == 1.0F);
    CHECK(arena[layout[1].offset + 7] == 1.0F + 0x1p-6F);
    CHECK(arena[layout[2].offset + 10] == -0x1.24p-30F);
  }
}

TEST_CASE("gradients that are not finite are refused", "[models][compression]") {
  const auto layout = small_layout();
  for (const auto kind : {compression_kind::bf16, compression_kind::top_k})
    for (const auto wrong : {std::numeric_limits<float>::quiet_NaN(),
                             -std::numeric_limits<float>::infinity()})
      for (const std::size_t tensor : {0, 1, 2}) {
        gradient_compressor compressor{{kind, 0.5}, layout, 1, 1};
        auto gradient = drawn(layout, 0, {0, 4});
        if (tensor < 2)
          gradient.dense(tensor)[1] = wrong;
        else
          gradient.touch(2, std::vector<std::uint32_t>{0, 4})[3] = wrong;
        compressed_gradient sent;
        CHECK_THROWS_AS(compressor.compress(0, 0, gradient, sent), core::error);
      }
}

TEST_CASE("a hundredth of a large matrix takes less than a fiftieth of its bytes",
          "[models][compression]") {
  core::parameter_layout layout;
  layout.add("matrix", {500, 600});
  gradient_compressor compressor{top(0.01), layout, 1, 1};
  core::gradient gradient{layout};
  core::fill_normals({1, core::stream::synthetic_data, 1, 0}, gradient.dense(0));
  compressed_gradient sent;
  compressor.compress(0, 0, gradient, sent);
  CHECK(sent.offsets.size() == 3'000);
  packed_words words;
  pack(sent, {0, layout.size()}, words);
  CHECK(words.size() < layout.size() / 70);
}
