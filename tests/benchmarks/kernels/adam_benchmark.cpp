#include "models/kernels/adam.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr adam_coefficients first_step{0.9F, 0.999F, 1e-2F, 31.6F, 1e-8F};

/// The first step moves a weight by about step_size (1 - beta1) g / |g|.
bool is_right(const std::vector<float>& gradient,
              const std::vector<float>& before,
              const std::vector<float>& after) {
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double g = gradient[i];
    const auto m = 0.1 * g;
    const auto v = 0.001 * g * g;
    const auto moved = 1e-2 * m / (std::sqrt(v) * 31.6 + 1e-8);
    if (!near(after[i], before[i] - moved, 1e-5))
      return false;
  }
  return true;
}

void adam(benchmark::State& state, std::size_t size) {
  const auto gradient = drawn(size, 1);
  const auto before = drawn(size, 2);
  auto weights = before;
  std::vector<float> first(size);
  std::vector<float> second(size);
  const auto step = [&] {
    apply_adam(first_step, gradient, weights, first, second);
  };
  step();
  check(state, is_right(gradient, before, weights));
  for (auto _ : state)
    step();
  report_bytes(state, 7 * size * sizeof(float));
}

BENCHMARK_CAPTURE(adam, small, 1'001);
BENCHMARK_CAPTURE(adam, ml1m, 4'327'400);
BENCHMARK_CAPTURE(adam, ml20m, 24'493'600);

} // namespace
