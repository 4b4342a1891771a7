#include "core/aligned_vector.hpp"
#include "core/platform.hpp"
#include "models/kernels/amx_strips.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr std::size_t lines = strip_lines;

/// Strips of two operands, [32, inner] each, and what they were packed from.
struct packed_operands {
  strip_shape shape;
  std::vector<float> left = drawn(lines * shape.inner, 1);
  std::vector<float> right = drawn(lines * shape.inner, 2);
  core::aligned_buffer<bf16> left_strip{shape.size()};
  core::aligned_buffer<bf16> right_strip{shape.size()};

  const_matrix left_rows() const {
    return {left.data(), lines, shape.inner};
  }

  void pack() const {
    pack_rows(strip_side::left, shape.terms, left_rows(), left_strip.data());
    pack_rows(strip_side::right, shape.terms, {right.data(), lines, shape.inner},
              right_strip.data());
  }
};

bool has_amx(benchmark::State& state) {
  if (core::has_isa(core::isa::amx))
    return true;
  state.SkipWithError("this processor has no AMX");
  return false;
}

void multiply(benchmark::State& state, std::size_t inner, bf16_terms terms) {
  if (!has_amx(state))
    return;
  const packed_operands all{{inner, terms}};
  all.pack();
  const amx_tiles tiles;
  std::vector<float> c(lines * lines);
  const auto apply = [&] {
    multiply_strips(all.shape, all.left_strip.data(), all.right_strip.data(),
                    {c.data(), lines, lines});
  };
  apply();
  bool is_right = true;
  for (std::size_t row = 0; row < lines; ++row)
    for (std::size_t column = 0; column < lines; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < inner; ++k)
        sum += static_cast<double>(all.left[row * inner + k])
               * static_cast<double>(all.right[column * inner + k]);
      is_right =
        is_right
        && near(c[row * lines + column], sum, terms == bf16_terms::two ? 1e-4 : 0.1);
    }
  check(state, is_right);
  for (auto _ : state)
    apply();
  report_operations(state, 2.0 * static_cast<double>(lines * lines * inner)
                             * (terms == bf16_terms::two ? 3 : 1));
}

void pack(benchmark::State& state, std::size_t inner, bf16_terms terms) {
  if (!has_amx(state))
    return;
  const packed_operands all{{inner, terms}};
  for (auto _ : state)
    all.pack();
  report_bytes(state,
               2 * (lines * inner * sizeof(float) + all.shape.size() * sizeof(bf16)));
}

BENCHMARK_CAPTURE(multiply, small, 40, bf16_terms::two);
BENCHMARK_CAPTURE(multiply, one_term, 600, bf16_terms::one);
BENCHMARK_CAPTURE(multiply, two_terms, 600, bf16_terms::two);
BENCHMARK_CAPTURE(pack, small, 40, bf16_terms::two);
BENCHMARK_CAPTURE(pack, one_term, 600, bf16_terms::one);
BENCHMARK_CAPTURE(pack, two_terms, 600, bf16_terms::two);

} // namespace
