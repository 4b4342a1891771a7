#include "models/kernels/chained_product.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// A panel of weights that stays in the cache, on one thread.
void panel(benchmark::State& state,
           std::size_t rows,
           std::size_t inputs,
           std::size_t columns) {
  const auto left = drawn(rows * inputs, 1);
  const auto right = drawn(inputs * columns, 2);
  std::vector<float> out(rows * columns);
  const auto multiply = [&] {
    chained_product({left.data(), rows, inputs}, {right.data(), inputs, columns},
                    {out.data(), rows, columns});
  };
  multiply();
  bool right_answer = true;
  for (std::size_t row = 0; row < rows; row += 1 + rows / 20)
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < inputs; ++k)
        sum += static_cast<double>(left[row * inputs + k])
               * static_cast<double>(right[k * columns + column]);
      right_answer =
        right_answer && near(static_cast<double>(out[row * columns + column]), sum);
    }
  check(state, right_answer);
  for (auto _ : state)
    multiply();
  report_operations(state, 2.0 * static_cast<double>(rows * inputs * columns));
}

BENCHMARK_CAPTURE(panel, small, 7, 60, 37);
BENCHMARK_CAPTURE(panel, one_user, 1, 600, 64);
BENCHMARK_CAPTURE(panel, batch, 96, 600, 64);

} // namespace
