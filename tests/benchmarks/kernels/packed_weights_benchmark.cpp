#include "models/kernels/packed_weights.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <algorithm>

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// A tile of scores after the other, on one thread, as ranking makes them.
void logits(benchmark::State& state,
            std::size_t rows,
            std::size_t inputs,
            std::size_t outputs) {
  constexpr std::size_t tile = 512;
  const auto weights = drawn(outputs * inputs, 1);
  const auto hidden = drawn(rows * inputs, 2);
  const packed_weights layer{{weights.data(), outputs, inputs}};
  std::vector<float> scores(rows * tile);
  bool right = true;
  const auto sweep = [&](auto&& look) {
    for (std::size_t begin = 0; begin < outputs; begin += tile) {
      const matrix out{scores.data(), rows, std::min(tile, outputs - begin)};
      layer.apply({hidden.data(), rows, inputs}, {}, begin, out);
      look(begin, out);
    }
  };
  sweep([&](std::size_t begin, matrix out) {
    for (std::size_t row = 0; row < rows; row += 1 + rows / 20)
      for (std::size_t i = 0; i < out.columns; i += 1 + out.columns / 20) {
        double sum = 0;
        for (std::size_t k = 0; k < inputs; ++k)
          sum += static_cast<double>(hidden[row * inputs + k])
                 * static_cast<double>(weights[(begin + i) * inputs + k]);
        right = right && near(static_cast<double>(out.row(row)[i]), sum);
      }
  });
  check(state, right);
  for (auto _ : state)
    sweep([](std::size_t, matrix) {});
  report_operations(state, 2.0 * static_cast<double>(rows * inputs * outputs));
}

BENCHMARK_CAPTURE(logits, small, 7, 60, 301);
BENCHMARK_CAPTURE(logits, one_user, 1, 600, 20'108);
BENCHMARK_CAPTURE(logits, ml1m, 96, 600, 3'502);
BENCHMARK_CAPTURE(logits, ml20m, 96, 600, 20'108);

} // namespace
