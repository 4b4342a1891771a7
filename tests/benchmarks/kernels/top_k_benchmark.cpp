#include "models/kernels/top_k.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <algorithm>
#include <numeric>

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

std::vector<core::item_id> sorted_slate(const std::vector<float>& scores,
                                        std::size_t size) {
  std::vector<core::item_id> items(scores.size());
  std::iota(items.begin(), items.end(), 0U);
  std::sort(items.begin(), items.end(), [&](core::item_id a, core::item_id b) {
    return ranks_before({scores[a], a}, {scores[b], b});
  });
  items.resize(size);
  return items;
}

/// A user's slate from scores that come in tiles.
void best(benchmark::State& state, std::size_t num_items, std::size_t size) {
  constexpr std::size_t tile = 1024;
  const auto scores = drawn(num_items, 1);
  std::vector<core::item_id> items(size);
  std::vector<float> scores_of_items(size);
  const auto select = [&] {
    top_k kept{size};
    for (std::size_t i = 0; i < num_items; i += tile)
      kept.offer(static_cast<core::item_id>(i),
                 {scores.data() + i, std::min(tile, num_items - i)});
    kept.write(items, scores_of_items);
  };
  select();
  check(state, items == sorted_slate(scores, size));
  for (auto _ : state)
    select();
  report_bytes(state, num_items * sizeof(float));
}

BENCHMARK_CAPTURE(best, small, 301, 10);
BENCHMARK_CAPTURE(best, ml1m, 3'502, 100);
BENCHMARK_CAPTURE(best, ml20m, 20'108, 100);

} // namespace
