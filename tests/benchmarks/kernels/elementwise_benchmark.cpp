#include "models/kernels/elementwise.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

void tanh(benchmark::State& state, std::size_t rows, std::size_t columns) {
  const auto bias = drawn(columns, 1);
  const auto inputs = drawn(rows * columns, 2);
  auto values = inputs;
  const auto apply = [&] {
    tanh_with_bias(bias, {values.data(), rows, columns});
  };
  apply();
  bool right = true;
  for (std::size_t i = 0; i < values.size(); ++i)
    right =
      right
      && near(values[i], std::tanh(static_cast<double>(inputs[i] + bias[i % columns])));
  check(state, right);
  for (auto _ : state)
    apply();
  report_bytes(state, 2 * values.size() * sizeof(float));
}

void tanh_slope(benchmark::State& state, std::size_t rows, std::size_t columns) {
  const auto outputs = drawn(rows * columns, 1);
  std::vector<float> gradients(outputs.size(), 2.0F);
  const auto apply = [&] {
    multiply_by_tanh_slope({outputs.data(), rows, columns},
                           {gradients.data(), rows, columns});
  };
  apply();
  bool right = true;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    right = right && near(gradients[i], 2 * (1 - std::pow(outputs[i], 2.0)));
  check(state, right);
  for (auto _ : state) {
    apply();
    // Gradients that shrink for ever become denormal, which is slow.
    if (gradients[0] < 1e-10F)
      gradients.assign(gradients.size(), 2.0F);
  }
  report_bytes(state, 3 * outputs.size() * sizeof(float));
}

void exponential(benchmark::State& state, std::size_t size) {
  const auto inputs = drawn(size, 1);
  std::vector<float> values(size);
  const auto apply = [&] {
    exponentials(0.5F, inputs.data(), values);
  };
  apply();
  bool right = true;
  for (std::size_t i = 0; i < size; ++i)
    right = right && near(values[i], std::exp(0.5 * static_cast<double>(inputs[i])));
  check(state, right);
  for (auto _ : state)
    apply();
  report_bytes(state, 2 * size * sizeof(float));
}

void column_sums(benchmark::State& state, std::size_t rows, std::size_t columns) {
  const auto values = drawn(rows * columns, 1);
  std::vector<float> sums(columns);
  const auto apply = [&] {
    sum_columns({values.data(), rows, columns}, 0, columns, sums.data());
  };
  apply();
  std::vector<double> expected(columns);
  for (std::size_t i = 0; i < values.size(); ++i)
    expected[i % columns] += values[i];
  bool right = true;
  for (std::size_t column = 0; column < columns; ++column)
    right = right && near(sums[column], expected[column]);
  check(state, right);
  for (auto _ : state)
    apply();
  report_bytes(state, values.size() * sizeof(float));
}

BENCHMARK_CAPTURE(tanh, small, 5, 61);
BENCHMARK_CAPTURE(tanh, hidden, 500, 600);
BENCHMARK_CAPTURE(tanh_slope, small, 5, 61);
BENCHMARK_CAPTURE(tanh_slope, hidden, 500, 600);
BENCHMARK_CAPTURE(exponential, small, 61);
BENCHMARK_CAPTURE(exponential, latent, 200);
BENCHMARK_CAPTURE(column_sums, small, 5, 61);
BENCHMARK_CAPTURE(column_sums, hidden, 500, 600);
BENCHMARK_CAPTURE(column_sums, ml20m, 500, 20'108);

} // namespace
