#include "tests/benchmarks/best_of.hpp"
#include "tests/benchmarks/machine_limits.hpp"

#include <atomic>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace souk::benchmarks {

#if defined(__x86_64__)

namespace {

/// As many chains as the fp32 limit has, and as long.
constexpr std::size_t chains = 12;
constexpr std::size_t rounds = 40'000'000;

std::atomic<float> sink{0};

// Highway has no bf16 dot product for this instruction set in Debian's version.
__attribute__((target("avx512f,avx512bf16"))) void dot_products() {
  const auto pairs = reinterpret_cast<__m512bh>(_mm512_set1_epi32(0x3a003f00));
  __m512 sums[chains];
  for (std::size_t i = 0; i < chains; ++i) // equal chains would be computed once
    sums[i] = _mm512_set1_ps(static_cast<float>(i));
  for (std::size_t round = 0; round < rounds; ++round)
    for (auto& sum : sums)
      sum = _mm512_dpbf16_ps(sum, pairs, pairs);
  for (std::size_t i = 1; i < chains; ++i)
    sums[0] = _mm512_add_ps(sums[0], sums[i]);
  alignas(64) float lanes[16];
  _mm512_store_ps(lanes, sums[0]);
  sink = lanes[0];
}

} // namespace

double bf16_gflops(std::size_t threads) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bf16"))
    return 0;
  constexpr double operations_per_instruction = 16 * 4; // two products, two sums
  const auto seconds = best_seconds(threads, 15, [](std::size_t) { dot_products(); });
  return static_cast<double>(threads * rounds * chains) * operations_per_instruction
         / seconds / 1e9;
}

#else

double bf16_gflops(std::size_t) {
  return 0;
}

#endif

} // namespace souk::benchmarks
