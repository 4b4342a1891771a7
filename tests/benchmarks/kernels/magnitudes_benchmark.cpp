#include "models/kernels/magnitudes.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// The least magnitude among the `count` largest, by sorting.
float least_selected(std::vector<float> values, std::size_t count) {
  for (auto& value : values)
    value = std::abs(value);
  const auto last = values.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(values.begin(), last, values.end(), std::greater<>{});
  return *last;
}

std::vector<tensor_piece> cut(std::vector<float>& values) {
  std::vector<tensor_piece> pieces;
  const tiling tiles{values.size(), 16'384};
  for (std::size_t i = 0; i < tiles.count(); ++i)
    pieces.push_back({tiles.begin(i),
                      {values.data() + tiles.begin(i), tiles.end(i) - tiles.begin(i)}});
  return pieces;
}

/// A hundredth of a matrix, on one thread.
void largest(benchmark::State& state, std::size_t rows, std::size_t columns) {
  auto values = drawn(rows * columns, 1);
  const auto count = std::max(std::size_t{1}, values.size() / 100);
  const auto pieces = cut(values);
  worker_pool pool{1};
  magnitude_selection selection{pool};
  const auto selected = selection.select(pieces, count);
  const auto least = least_selected(values, count);
  check(state, selected.size() == count
                 && std::all_of(selected.begin(), selected.end(),
                                [&](const large_element& element) {
                                  return std::abs(*element.place) >= least;
                                }));
  for (auto _ : state)
    benchmark::DoNotOptimize(selection.select(pieces, count).size());
  report_bytes(state, values.size() * sizeof(float));
}

void add_up(benchmark::State& state, std::size_t rows, std::size_t columns) {
  const auto other = drawn(rows * columns, 1);
  std::vector<float> sum(other.size());
  check(state, add_finite(other, sum.data()) && sum == other);
  for (auto _ : state)
    benchmark::DoNotOptimize(add_finite(other, sum.data()));
  report_bytes(state, 3 * other.size() * sizeof(float));
}

BENCHMARK_CAPTURE(largest, small, 30, 301);
BENCHMARK_CAPTURE(largest, ml1m, 3'502, 600);
BENCHMARK_CAPTURE(largest, ml20m, 20'108, 600);
BENCHMARK_CAPTURE(add_up, small, 30, 301);
BENCHMARK_CAPTURE(add_up, ml1m, 3'502, 600);

} // namespace
