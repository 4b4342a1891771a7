#include "models/kernels/matrix_product.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr std::size_t threads = 2;

/// Two factors and their product, as plain arrays.
struct factors {
  std::vector<float> a, b, c;

  factors(std::size_t size_a, std::size_t size_b, std::size_t size_c)
    : a{drawn(size_a, 1)}, b{drawn(size_b, 2)}, c(size_c) {
    // nop
  }
};

/// Compares some elements of c, [rows, columns], with sums over k of term(row, column,
/// k).
template <class Term>
bool is_right(const std::vector<float>& c,
              std::size_t rows,
              std::size_t columns,
              std::size_t inner,
              const Term& term) {
  for (std::size_t row = 0; row < rows; row += 1 + rows / 20)
    for (std::size_t column = 0; column < columns; column += 1 + columns / 20) {
      double sum = 0;
      for (std::size_t k = 0; k < inner; ++k)
        sum += static_cast<double>(term(row, column, k));
      if (!near(c[row * columns + column], sum, 1e-3))
        return false;
    }
  return true;
}

/// EASE's update of a tile: [rows, inner] x [columns, inner], one thread.
void update(benchmark::State& state,
            std::size_t rows,
            std::size_t inner,
            std::size_t columns) {
  worker_pool pool{1};
  factors all{rows * inner, columns * inner, rows * columns};
  const auto multiply = [&](product_mode mode) {
    pool.parallel_for(1, [&](std::size_t) {
      serial_product(product_form::right_transposed, {all.a.data(), rows, inner},
                     {all.b.data(), columns, inner}, {all.c.data(), rows, columns},
                     mode);
    });
  };
  multiply(product_mode::subtract);
  check(state, is_right(all.c, rows, columns, inner, [&](auto i, auto j, auto k) {
          return -all.a[i * inner + k] * all.b[j * inner + k];
        }));
  for (auto _ : state)
    multiply(product_mode::subtract);
  report_operations(state, 2.0 * static_cast<double>(rows * inner * columns));
}

/// Logit gradients to hidden gradients: [rows, inner] x [inner, columns].
void hidden_gradient(benchmark::State& state,
                     std::size_t rows,
                     std::size_t inner,
                     std::size_t columns) {
  worker_pool pool{threads};
  factors all{rows * inner, inner * columns, rows * columns};
  const auto multiply = [&] {
    product(pool, {all.a.data(), rows, inner}, {all.b.data(), inner, columns},
            {all.c.data(), rows, columns});
  };
  multiply();
  check(state, is_right(all.c, rows, columns, inner, [&](auto i, auto j, auto k) {
          return all.a[i * inner + k] * all.b[k * columns + j];
        }));
  for (auto _ : state)
    multiply();
  report_operations(state, 2.0 * static_cast<double>(rows * inner * columns));
}

/// Logit gradients and hidden units to weight gradients: [inner, rows] x [inner,
/// columns].
void weight_gradient(benchmark::State& state,
                     std::size_t rows,
                     std::size_t inner,
                     std::size_t columns) {
  worker_pool pool{threads};
  factors all{inner * rows, inner * columns, rows * columns};
  const auto multiply = [&] {
    const auto tiles = product_tiles(rows, 256);
    pool.parallel_for(tiles.count(), [&](std::size_t tile) {
      const auto begin = tiles.begin(tile);
      const auto end = tiles.end(tile);
      serial_product(product_form::left_transposed,
                     const_matrix{all.a.data(), inner, rows}.column_range(begin, end),
                     {all.b.data(), inner, columns},
                     matrix{all.c.data(), rows, columns}.row_range(begin, end));
    });
  };
  multiply();
  check(state, is_right(all.c, rows, columns, inner, [&](auto i, auto j, auto k) {
          return all.a[k * rows + i] * all.b[k * columns + j];
        }));
  for (auto _ : state)
    multiply();
  report_operations(state, 2.0 * static_cast<double>(rows * inner * columns));
}

BENCHMARK_CAPTURE(update, small, 25, 60, 31)->UseRealTime();
BENCHMARK_CAPTURE(update, tile, 512, 256, 512)->UseRealTime();
BENCHMARK_CAPTURE(hidden_gradient, small, 25, 301, 60)->UseRealTime();
BENCHMARK_CAPTURE(hidden_gradient, ml1m, 500, 3'502, 600)->UseRealTime();
BENCHMARK_CAPTURE(hidden_gradient, ml20m, 500, 20'108, 600)->UseRealTime();
BENCHMARK_CAPTURE(weight_gradient, small, 301, 25, 60)->UseRealTime();
BENCHMARK_CAPTURE(weight_gradient, ml1m, 3'502, 125, 600)->UseRealTime();
BENCHMARK_CAPTURE(weight_gradient, ml20m, 20'108, 125, 600)->UseRealTime();

} // namespace
