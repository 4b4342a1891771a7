#include "core/random_columns.hpp"

#include <cmath>

namespace souk::core {

namespace {

constexpr double two_to_minus_32 = 1.0 / 4294967296.0;

/// Words convert as signed integers, which every instruction set can.
SOUK_INLINED double of_word(std::uint32_t word) {
  return static_cast<double>(static_cast<std::int32_t>(word ^ 0x80000000U))
         + 2147483648.0;
}

/// The operations of portable::log in their order, without branches; x is normal.
SOUK_INLINED double log_of(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const auto mantissa_bits = (bits & 0x000FFFFFFFFFFFFFULL) | std::uint64_t{1022} << 52;
  double mantissa;
  std::memcpy(&mantissa, &mantissa_bits, sizeof mantissa);
  const auto is_small = mantissa < 0.70710678118654752440;
  const auto exponent = static_cast<double>(static_cast<std::int32_t>(bits >> 52) - 1022
                                            - (is_small ? 1 : 0));
  mantissa = is_small ? mantissa * 2 : mantissa;
  const auto ratio = (mantissa - 1) / (mantissa + 1);
  const auto square = ratio * ratio;
  auto sum = 2.0 / 21;
  sum = sum * square + 2.0 / 19;
  sum = sum * square + 2.0 / 17;
  sum = sum * square + 2.0 / 15;
  sum = sum * square + 2.0 / 13;
  sum = sum * square + 2.0 / 11;
  sum = sum * square + 2.0 / 9;
  sum = sum * square + 2.0 / 7;
  sum = sum * square + 2.0 / 5;
  sum = sum * square + 2.0 / 3;
  sum = sum * square + 2.0;
  const auto tail = ratio * sum;
  return exponent * 6.93147180369123816490e-01
         + (tail + exponent * 1.90821492927058770002e-10);
}

/// The operations of portable::of_turns likewise.
SOUK_INLINED void of_turns(double turns, double& sine, double& cosine) {
  const auto quadrant = static_cast<std::int32_t>(turns * 4 + 0.5);
  const auto angle =
    (turns - static_cast<double>(quadrant) / 4) * 6.28318530717958647693;
  const auto square = angle * angle;
  auto odd = -1.0 / 1307674368000.0;
  odd = odd * square + 1.0 / 6227020800.0;
  odd = odd * square + -1.0 / 39916800;
  odd = odd * square + 1.0 / 362880;
  odd = odd * square + -1.0 / 5040;
  odd = odd * square + 1.0 / 120;
  odd = odd * square + -1.0 / 6;
  odd = odd * square + 1.0;
  odd = angle * odd;
  auto even = 1.0 / 20922789888000.0;
  even = even * square + -1.0 / 87178291200.0;
  even = even * square + 1.0 / 479001600;
  even = even * square + -1.0 / 3628800;
  even = even * square + 1.0 / 40320;
  even = even * square + -1.0 / 720;
  even = even * square + 1.0 / 24;
  even = even * square + -1.0 / 2;
  even = even * square + 1.0;
  const auto is_odd = (quadrant & 1) != 0;
  const auto x = is_odd ? odd : even;
  const auto y = is_odd ? even : odd;
  // Quadrants 0 to 3: (cosine, sine), (-sine, cosine), (-cosine, -sine), (sine,
  // -cosine).
  cosine = ((quadrant + 1) & 2) != 0 ? -x : x;
  sine = (quadrant & 2) != 0 ? -y : y;
}

SOUK_VECTOR_CLONES
void fill_pairs(const std::uint32_t* radius_words,
                const std::uint32_t* angle_words,
                std::size_t count,
                double* __restrict first,
                double* __restrict second) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto u = (of_word(radius_words[i]) + 1.0) * two_to_minus_32;
    const auto radius = std::sqrt(-2 * log_of(u));
    double sine, cosine;
    of_turns(of_word(angle_words[i]) * two_to_minus_32, sine, cosine);
    first[i] = radius * cosine;
    second[i] = radius * sine;
  }
}

} // namespace

SOUK_VECTOR_CLONES
void fill_words(const draw_site& site,
                std::uint32_t index,
                const std::uint32_t* entities,
                std::size_t count,
                const word_columns& out) {
  const auto step = site.step;
  const auto high = static_cast<std::uint32_t>(site.purpose) << 16;
  const auto key_low = static_cast<std::uint32_t>(site.seed);
  const auto key_high = static_cast<std::uint32_t>(site.seed >> 32);
  auto* __restrict out_0 = out.words[0];
  auto* __restrict out_1 = out.words[1];
  auto* __restrict out_2 = out.words[2];
  auto* __restrict out_3 = out.words[3];
  for (std::size_t i = 0; i < count; ++i) {
    auto a = index;
    auto b = step;
    auto c = entities[i];
    auto d = high;
    auto k = key_low;
    auto l = key_high;
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const auto left = std::uint64_t{a} * 0xD2511F53U;
      const auto right = std::uint64_t{c} * 0xCD9E8D57U;
      a = static_cast<std::uint32_t>(right >> 32) ^ b ^ k;
      b = static_cast<std::uint32_t>(right);
      c = static_cast<std::uint32_t>(left >> 32) ^ d ^ l;
      d = static_cast<std::uint32_t>(left);
      k += 0x9E3779B9U;
      l += 0xBB67AE85U;
    }
    out_0[i] = a;
    out_1[i] = b;
    out_2[i] = c;
    out_3[i] = d;
  }
}

void fill_normals(const word_columns& words,
                  std::size_t count,
                  double* const (&out)[4]) {
  fill_pairs(words.words[0], words.words[1], count, out[0], out[1]);
  fill_pairs(words.words[2], words.words[3], count, out[2], out[3]);
}

} // namespace souk::core
