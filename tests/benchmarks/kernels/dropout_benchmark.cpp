#include "models/kernels/dropout.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <numeric>

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr double rate = 0.5;
constexpr core::draw_site site{1, core::stream::dropout, 7, 3};

bool is_right(const std::vector<core::item_id>& items,
              std::vector<core::item_id> kept,
              const std::vector<float>& values,
              std::size_t count) {
  std::vector<core::item_id> expected;
  for (std::uint32_t i = 0; i < items.size(); ++i)
    if (core::uniform(site, i) >= rate)
      expected.push_back(items[i]);
  kept.resize(count);
  const auto value = 2 / std::sqrt(static_cast<double>(items.size()));
  for (std::size_t i = 0; i < count; ++i)
    if (!near(values[i], value))
      return false;
  return kept == expected;
}

void dropout(benchmark::State& state, std::size_t items_of_user) {
  std::vector<core::item_id> items(items_of_user);
  std::iota(items.begin(), items.end(), 100U);
  std::vector<core::item_id> kept(items.size());
  std::vector<float> values(items.size());
  const auto drop = [&] {
    return drop_items(site, rate, items, {kept.data(), values.data()});
  };
  const auto count = drop();
  check(state, is_right(items, kept, values, count));
  for (auto _ : state)
    benchmark::DoNotOptimize(drop());
  report_bytes(state, items_of_user * (2 * sizeof(core::item_id) + sizeof(float)));
}

BENCHMARK_CAPTURE(dropout, small, 9);
BENCHMARK_CAPTURE(dropout, ml20m, 69);
BENCHMARK_CAPTURE(dropout, ml1m, 96);

} // namespace
