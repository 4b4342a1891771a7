#include "models/kernels/bf16.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <cstring>

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// A matrix in bf16 and what its elements are.
struct rounded_matrix {
  std::vector<bf16> halves;
  std::vector<float> exact;

  rounded_matrix(std::size_t size, std::uint64_t entity) : halves(size), exact(size) {
    round_to_bf16(drawn(size, entity), halves.data());
    for (std::size_t i = 0; i < size; ++i) {
      const auto bits = static_cast<std::uint32_t>(halves[i]) << 16U;
      std::memcpy(&exact[i], &bits, sizeof bits);
    }
  }
};

void round(benchmark::State& state, std::size_t size) {
  const auto values = drawn(size, 1);
  const rounded_matrix found{size, 1};
  bool right = true;
  for (std::size_t i = 0; i < size; ++i)
    right =
      right && std::abs(found.exact[i] - values[i]) <= 0x1p-8F * std::abs(values[i]);
  check(state, right);
  std::vector<bf16> halves(size);
  for (auto _ : state)
    round_to_bf16(values, halves.data());
  report_bytes(state, size * (sizeof(float) + sizeof(bf16)));
}

void logits(benchmark::State& state,
            std::size_t rows,
            std::size_t inner,
            std::size_t columns) {
  if (!has_bf16_products())
    return state.SkipWithError("this processor has no bf16 products");
  bf16_multiplier multiplier{1};
  rounded_matrix a{rows * inner, 1};
  rounded_matrix b{columns * inner, 2};
  std::vector<float> c(rows * columns);
  const bf16_matrix left{a.halves.data(), rows, inner};
  const bf16_matrix right{b.halves.data(), columns, inner};
  const matrix out{c.data(), rows, columns};
  multiplier.compile(product_form::right_transposed, left, right, out);
  const auto apply = [&] {
    multiplier.multiply(product_form::right_transposed, left, right, out);
  };
  apply();
  bool is_right = true;
  for (std::size_t row = 0; row < rows; row += 7)
    for (std::size_t column = 0; column < columns; column += 11) {
      double sum = 0;
      for (std::size_t k = 0; k < inner; ++k)
        sum += static_cast<double>(a.exact[row * inner + k])
               * static_cast<double>(b.exact[column * inner + k]);
      is_right = is_right && near(c[row * columns + column], sum);
    }
  check(state, is_right);
  for (auto _ : state)
    apply();
  report_operations(state, 2.0 * static_cast<double>(rows * inner * columns));
}

BENCHMARK_CAPTURE(round, small, 61);
BENCHMARK_CAPTURE(round, weight, 600 * 20'108);
BENCHMARK_CAPTURE(logits, small, 5, 33, 61);
BENCHMARK_CAPTURE(logits, tile, 500, 600, 1024);

} // namespace
