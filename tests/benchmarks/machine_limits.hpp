#pragma once

#include <cstddef>

/// What the processor and its memory can do at best, whatever the work.
namespace souk::benchmarks {

/// Fused multiply-adds on floats in registers, in 10^9 floating-point operations a
/// second, by Highway's best target.
double fp32_gflops(std::size_t threads);

/// Dot products of bf16 pairs in registers, likewise; 0 if the processor has no
/// AVX512_BF16.
double bf16_gflops(std::size_t threads);

/// Reading memory from end to end, in 10^9 bytes a second.
double read_gb_per_second(std::size_t threads);

/// Adam's pattern: reads gradient, parameters and both moments, writes all but the
/// gradient; in 10^9 bytes a second, each float counted as often as it is read or
/// written.
double adam_gb_per_second(std::size_t threads);

} // namespace souk::benchmarks
