#include "tests/benchmarks/machine_limits.hpp"

#include "core/aligned_vector.hpp"
#include "tests/benchmarks/best_of.hpp"

#include <atomic>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/benchmarks/machine_limits.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::benchmarks {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Independent chains of additions. A multiply-add takes about four cycles and up to
/// two start in each, so eight chains keep the units busy; the sixteen registers of the
/// older instruction sets hold twelve. Measured on a Zen 4: 4 to 16 chains give the
/// same, 24 spill.
constexpr std::size_t chains = 12;

/// Does `rounds` multiply-adds in each chain; returns the floating-point operations.
double multiply_add(std::size_t rounds, float* out) {
  const hn::ScalableTag<float> tag;
  const auto factor = hn::Set(tag, 0.999F);
  const auto term = hn::Set(tag, 0.001F);
  hn::Vec<decltype(tag)> sums[chains];
  for (std::size_t i = 0; i < chains; ++i)
    sums[i] = hn::Set(tag, static_cast<float>(i));
  for (std::size_t round = 0; round < rounds; ++round)
    for (auto& sum : sums)
      sum = hn::MulAdd(factor, sum, term);
  for (std::size_t i = 1; i < chains; ++i)
    sums[0] = hn::Add(sums[0], sums[i]);
  *out = hn::GetLane(hn::SumOfLanes(tag, sums[0]));
  return 2.0 * static_cast<double>(rounds * chains * hn::Lanes(tag));
}

/// Adds floats as if they were one number after the other; counts must be a multiple of
/// 64.
void add_up(const float* values, std::size_t count, float* out) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  auto a = hn::Zero(tag);
  auto b = a;
  auto c = a;
  auto d = a;
  for (std::size_t i = 0; i < count; i += 4 * lanes) {
    a = hn::Add(a, hn::Load(tag, values + i));
    b = hn::Add(b, hn::Load(tag, values + i + lanes));
    c = hn::Add(c, hn::Load(tag, values + i + 2 * lanes));
    d = hn::Add(d, hn::Load(tag, values + i + 3 * lanes));
  }
  *out = hn::GetLane(hn::SumOfLanes(tag, hn::Add(hn::Add(a, b), hn::Add(c, d))));
}

/// Adds a gradient to three arrays: Adam's memory traffic without its arithmetic.
void add_to_three(
  const float* gradient, float* w, float* m, float* v, std::size_t count) {
  const hn::ScalableTag<float> tag;
  for (std::size_t i = 0; i < count; i += hn::Lanes(tag)) {
    const auto g = hn::Load(tag, gradient + i);
    hn::Store(hn::Add(hn::Load(tag, w + i), g), tag, w + i);
    hn::Store(hn::Add(hn::Load(tag, m + i), g), tag, m + i);
    hn::Store(hn::Add(hn::Load(tag, v + i), g), tag, v + i);
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::benchmarks

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::benchmarks {

HWY_EXPORT(multiply_add);
HWY_EXPORT(add_up);
HWY_EXPORT(add_to_three);

namespace {

constexpr std::size_t times = 15;

/// Floats in all arrays together: far more than any cache holds.
constexpr std::size_t floats_in_memory = std::size_t{1} << 26;

/// The compiler must not find out that nobody wants the result.
std::atomic<float> sink{0};

} // namespace

double fp32_gflops(std::size_t threads) {
  std::atomic<double> operations{0};
  const auto seconds = best_seconds(threads, times, [&](std::size_t) {
    float result = 0;
    operations = HWY_DYNAMIC_DISPATCH(multiply_add)(40'000'000, &result);
    sink = result;
  });
  return static_cast<double>(threads) * operations / seconds / 1e9;
}

double read_gb_per_second(std::size_t threads) {
  const auto part = floats_in_memory / threads / 64 * 64;
  const core::aligned_vector<float> values(part * threads, 1.0F);
  const auto seconds = best_seconds(threads, times, [&](std::size_t thread) {
    float result = 0;
    HWY_DYNAMIC_DISPATCH(add_up)(values.data() + thread * part, part, &result);
    sink = result;
  });
  return static_cast<double>(part * threads * sizeof(float)) / seconds / 1e9;
}

double adam_gb_per_second(std::size_t threads) {
  const auto part = floats_in_memory / 4 / threads / 64 * 64;
  core::aligned_vector<float> arrays[4];
  for (auto& array : arrays)
    array.resize(part * threads);
  const auto seconds = best_seconds(threads, times, [&](std::size_t thread) {
    const auto begin = thread * part;
    HWY_DYNAMIC_DISPATCH(add_to_three)
    (arrays[0].data() + begin, arrays[1].data() + begin, arrays[2].data() + begin,
     arrays[3].data() + begin, part);
  });
  return static_cast<double>(7 * part * threads * sizeof(float)) / seconds / 1e9;
}

} // namespace souk::benchmarks

#endif
