#include "models/kernels/multinomial_likelihood.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <algorithm>

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr float weight = 0.5F;

void likelihood(benchmark::State& state, std::size_t num_items, std::uint32_t liked) {
  const auto logits = drawn(num_items, 1);
  const auto bias = drawn(num_items, 2);
  std::vector<core::item_id> items;
  for (std::uint32_t i = 0; i < liked; ++i)
    items.push_back(3 * i);
  std::vector<float> row(padded(num_items));
  std::copy(logits.begin(), logits.end(), row.begin());
  const auto apply = [&] {
    return multinomial_likelihood(row.data(), bias, items, weight);
  };
  const auto value = apply();

  const auto logit = [&](std::size_t i) {
    return static_cast<double>(logits[i]) + static_cast<double>(bias[i]);
  };
  double sum = 0;
  for (std::size_t i = 0; i < num_items; ++i)
    sum += std::exp(logit(i));
  double expected = 0;
  std::vector<double> gradient(num_items);
  for (std::size_t i = 0; i < num_items; ++i)
    gradient[i] = 0.5 * liked * std::exp(logit(i)) / sum;
  for (const auto item : items) {
    expected += std::log(sum) - logit(item);
    gradient[item] -= 0.5;
  }
  bool right = near(value, expected);
  for (std::size_t i = 0; i < num_items; ++i)
    right = right && near(row[i], gradient[i], 1e-5);
  check(state, right);
  // Gradients are as good as logits to go on with.
  for (auto _ : state)
    benchmark::DoNotOptimize(apply());
  report_bytes(state, 3 * num_items * sizeof(float));
}

BENCHMARK_CAPTURE(likelihood, small, 301, 9);
BENCHMARK_CAPTURE(likelihood, ml1m, 3'502, 96);
BENCHMARK_CAPTURE(likelihood, ml20m, 20'108, 69);

} // namespace
