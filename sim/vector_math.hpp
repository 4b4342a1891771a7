#pragma once

#include "core/vector_clones.hpp"

#include <cstdint>
#include <cstring>

/// Elementary functions in float for loops that the compiler turns into vectors: no
/// branches, IEEE operations in one fixed order, so the same bits at any width and on
/// any processor.
namespace souk::sim {

/// e^x within 3 ulp for x from -87 to 88; beyond, the value at that end.
SOUK_INLINED float exp_of(float x) {
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
  // Adding 1.5 * 2^23 rounds to a whole number.
  constexpr float rounder = 12582912.0F;
  const auto k = (x * 1.44269504F + rounder) - rounder;
  const auto r = (x - k * 0.693359375F) - k * -2.12194440e-4F;
  auto sum = 1.0F / 5040;
  sum = sum * r + 1.0F / 720;
  sum = sum * r + 1.0F / 120;
  sum = sum * r + 1.0F / 24;
  sum = sum * r + 1.0F / 6;
  sum = sum * r + 0.5F;
  sum = sum * r + 1.0F;
  sum = sum * r + 1.0F;
  const auto bits = (static_cast<std::int32_t>(k) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return sum * power;
}

/// 1 / (1 + e^-x), for any x.
SOUK_INLINED float sigmoid_of(float x) {
  return 1.0F / (1.0F + exp_of(-x));
}

/// Turns a share into a bound for 32-bit words: as many words lie below it.
inline std::uint64_t words_below(double share) {
  return static_cast<std::uint64_t>(share * 4294967296.0);
}

} // namespace souk::sim
