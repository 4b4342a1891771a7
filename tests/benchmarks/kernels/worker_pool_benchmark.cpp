#include "models/kernels/worker_pool.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <atomic>

using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

/// What a loop costs whose tiles do next to nothing.
void loop(benchmark::State& state, std::size_t tiles, std::size_t threads) {
  worker_pool pool{threads};
  std::vector<std::atomic<std::uint64_t>> done(tiles);
  const auto run = [&] {
    pool.parallel_for(tiles, [&](std::size_t tile) { ++done[tile]; });
  };
  run();
  bool right = true;
  for (const auto& times : done)
    right = right && times == 1;
  check(state, right);
  for (auto _ : state)
    run();
  report_bytes(state, tiles * sizeof(done[0]));
}

BENCHMARK_CAPTURE(loop, small, 8, 2)->UseRealTime();
BENCHMARK_CAPTURE(loop, alone, 20, 1)->UseRealTime();
BENCHMARK_CAPTURE(loop, two_threads, 20, 2)->UseRealTime();

} // namespace
