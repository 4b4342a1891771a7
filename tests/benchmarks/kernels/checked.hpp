#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <vector>

/// What the kernels' benchmarks share. Each compares its kernel's result with a plain
/// loop before it is timed. Benchmarks named small are there for the tests.
namespace souk::benchmarks {

/// Whether every result so far was right.
bool all_right();

/// Gives up on a benchmark whose result is wrong; the process then fails.
void check(benchmark::State& state, bool right);

/// Draws floats from [-1, 1).
std::vector<float> drawn(std::size_t size, std::uint64_t entity);

/// Whether two numbers differ by rounding only.
inline bool near(double value, double expected, double tolerance = 1e-4) {
  return std::abs(value - expected) <= tolerance * (1 + std::abs(expected));
}

/// Reports bytes read and written in one iteration, by the second.
inline void report_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

/// Reports floating-point operations of one iteration, by the second.
inline void report_operations(benchmark::State& state, double operations) {
  state.counters["flops"] =
    benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate);
}

} // namespace souk::benchmarks
