#include "models/kernels/symmetric_inverse.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <algorithm>

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// A matrix with a dominant diagonal, so positive definite; its lower triangle counts.
std::vector<float> positive_definite(std::size_t size) {
  auto a = drawn(size * size, 1);
  for (std::size_t i = 0; i < size; ++i)
    a[i * size + i] = 2 * static_cast<float>(size);
  return a;
}

double element(const std::vector<float>& a,
               std::size_t size,
               std::size_t row,
               std::size_t column) {
  return a[std::max(row, column) * size + std::min(row, column)];
}

/// Whether a times b is the identity, in some of its columns.
bool are_inverse(const std::vector<float>& a,
                 const std::vector<float>& b,
                 std::size_t size) {
  for (std::size_t row = 0; row < size; row += 1 + size / 40)
    for (std::size_t column = 0; column < size; column += 1 + size / 40) {
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k)
        sum += element(a, size, row, k) * element(b, size, k, column);
      if (!near(sum, row == column ? 1 : 0))
        return false;
    }
  return true;
}

void inverse(benchmark::State& state, std::size_t size) {
  worker_pool pool{2};
  const auto before = positive_definite(size);
  auto a = before;
  const auto invert = [&] {
    return invert_symmetric(pool, {a.data(), size, size}, [](auto, auto) {});
  };
  check(state, invert() && are_inverse(before, a, size));
  // An inverse is as good to invert.
  for (auto _ : state)
    benchmark::DoNotOptimize(invert());
  report_operations(state, std::pow(static_cast<double>(size), 3));
}

BENCHMARK_CAPTURE(inverse, small, 61)->UseRealTime();
BENCHMARK_CAPTURE(inverse, ml1m, 3'502)->UseRealTime();

} // namespace
