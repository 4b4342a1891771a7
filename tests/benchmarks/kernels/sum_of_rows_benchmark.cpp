#include "core/random.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

void rows_of_table(benchmark::State& state,
                   std::uint32_t table_rows,
                   std::size_t columns,
                   std::uint32_t count) {
  const auto table = drawn(table_rows * columns, 1);
  const auto weights = drawn(count, 2);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < count; ++i)
    rows.push_back(static_cast<std::uint32_t>(
      core::below({1, core::stream::synthetic_data, 3, 0}, i, table_rows)));
  std::vector<float> sum(columns);
  const auto apply = [&] {
    sum_of_rows({table.data(), table_rows, columns}, rows, weights, sum.data());
  };
  apply();
  bool right = true;
  for (std::size_t column = 0; column < columns; ++column) {
    float expected = 0;
    for (std::size_t i = 0; i < count; ++i)
      expected += weights[i] * table[rows[i] * columns + column];
    right = right && sum[column] == expected;
  }
  check(state, right);
  for (auto _ : state)
    apply();
  report_operations(state, 2.0 * static_cast<double>(count * columns));
}

BENCHMARK_CAPTURE(rows_of_table, small, 301, 60, 9);
BENCHMARK_CAPTURE(rows_of_table, ml1m, 3'502, 600, 96);
BENCHMARK_CAPTURE(rows_of_table, ml20m, 20'108, 600, 69);

} // namespace
