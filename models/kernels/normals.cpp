#include "models/kernels/normals.hpp"

#include <algorithm>
#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/normals.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Words that are turned into normals together, on every target.
constexpr std::size_t batch = 64;

// At most so many lanes, so that a batch is a whole number of vectors.
constexpr hn::CappedTag<double, 8> tag;
constexpr hn::RebindToSigned<decltype(tag)> bits_tag;

using numbers = hn::Vec<decltype(tag)>;

// The functions below repeat `core::portable`'s step by step: the same operations in
// the same order, and none of them fused.

template <std::size_t Size>
numbers horner(const double (&coefficients)[Size], numbers x) {
  auto sum = hn::Set(tag, coefficients[Size - 1]);
  for (auto i = Size - 1; i-- > 0;)
    sum = hn::Add(hn::Mul(sum, x), hn::Set(tag, coefficients[i]));
  return sum;
}

/// Natural logarithms of positive numbers that are not subnormal.
numbers log(numbers x) {
  static constexpr double series[] = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,
                                      2.0 / 9,  2.0 / 11, 2.0 / 13, 2.0 / 15,
                                      2.0 / 17, 2.0 / 19, 2.0 / 21};
  const auto ln2_high = hn::Set(tag, 6.93147180369123816490e-01);
  const auto ln2_low = hn::Set(tag, 1.90821492927058770002e-10);
  const auto one = hn::Set(tag, 1.0);
  const auto bits = hn::BitCast(bits_tag, x);
  constexpr std::int64_t mantissa_bits = (std::int64_t{1} << 52) - 1;
  constexpr std::int64_t exponent_of_half = std::int64_t{1022} << 52;
  auto mantissa =
    hn::BitCast(tag, hn::Or(hn::And(bits, hn::Set(bits_tag, mantissa_bits)),
                            hn::Set(bits_tag, exponent_of_half)));
  auto exponent =
    hn::ConvertTo(tag, hn::Sub(hn::ShiftRight<52>(bits), hn::Set(bits_tag, 1022)));
  const auto small = hn::Lt(mantissa, hn::Set(tag, 0.70710678118654752440));
  mantissa = hn::IfThenElse(small, hn::Add(mantissa, mantissa), mantissa);
  exponent = hn::IfThenElse(small, hn::Sub(exponent, one), exponent);
  const auto ratio = hn::Div(hn::Sub(mantissa, one), hn::Add(mantissa, one));
  const auto tail = hn::Mul(ratio, horner(series, hn::Mul(ratio, ratio)));
  return hn::Add(hn::Mul(exponent, ln2_high),
                 hn::Add(tail, hn::Mul(exponent, ln2_low)));
}

/// Sines and cosines of turns in [0, 1).
void of_turns(numbers turns, numbers& sine, numbers& cosine) {
  static constexpr double sine_series[] = {
    1.0,          -1.0 / 6,        1.0 / 120,          -1.0 / 5040,
    1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800.0, -1.0 / 1307674368000.0};
  static constexpr double cosine_series[] = {1.0,
                                             -1.0 / 2,
                                             1.0 / 24,
                                             -1.0 / 720,
                                             1.0 / 40320,
                                             -1.0 / 3628800,
                                             1.0 / 479001600,
                                             -1.0 / 87178291200.0,
                                             1.0 / 20922789888000.0};
  const auto four = hn::Set(tag, 4.0);
  const auto quadrant = hn::Floor(hn::Add(hn::Mul(turns, four), hn::Set(tag, 0.5)));
  const auto angle = hn::Mul(hn::Sub(turns, hn::Div(quadrant, four)),
                             hn::Set(tag, 6.28318530717958647693));
  const auto square = hn::Mul(angle, angle);
  const auto of_sine = hn::Mul(angle, horner(sine_series, square));
  const auto of_cosine = horner(cosine_series, square);
  const auto is_first = hn::Eq(quadrant, hn::Set(tag, 1.0));
  const auto is_second = hn::Eq(quadrant, hn::Set(tag, 2.0));
  const auto is_third = hn::Eq(quadrant, hn::Set(tag, 3.0));
  const auto is_odd = hn::Or(is_first, is_third);
  sine = hn::IfThenElse(is_odd, of_cosine, of_sine);
  cosine = hn::IfThenElse(is_odd, of_sine, of_cosine);
  sine = hn::IfThenElse(hn::Or(is_second, is_third), hn::Neg(sine), sine);
  cosine = hn::IfThenElse(hn::Or(is_first, is_second), hn::Neg(cosine), cosine);
}

/// Box and Muller's transform of a batch: of each pair of words, the first gives a
/// radius and the second an angle, and both make two normals in the pair's place.
void box_muller(const std::uint32_t* words, float* normals) {
  constexpr double two_to_minus_32 = 1.0 / 4294967296.0;
  constexpr auto pairs = batch / 2;
  alignas(64) double first[pairs];  // uniforms, then cosines times radius
  alignas(64) double second[pairs]; // turns, then sines times radius
  for (std::size_t i = 0; i < pairs; ++i) {
    first[i] = (words[2 * i] + 1.0) * two_to_minus_32;
    second[i] = words[2 * i + 1] * two_to_minus_32;
  }
  for (std::size_t i = 0; i < pairs; i += hn::Lanes(tag)) {
    const auto radius =
      hn::Sqrt(hn::Mul(hn::Set(tag, -2.0), log(hn::Load(tag, first + i))));
    numbers sine;
    numbers cosine;
    of_turns(hn::Load(tag, second + i), sine, cosine);
    hn::Store(hn::Mul(radius, cosine), tag, first + i);
    hn::Store(hn::Mul(radius, sine), tag, second + i);
  }
  for (std::size_t i = 0; i < pairs; ++i) {
    normals[2 * i] = static_cast<float>(first[i]);
    normals[2 * i + 1] = static_cast<float>(second[i]);
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(box_muller);

void draw_normals(const core::draw_site& site, core::span<float> out) {
  constexpr auto batch = HWY_NAMESPACE::batch;
  std::array<std::uint32_t, batch> words{};
  std::array<float, batch> normals;
  for (std::size_t begin = 0; begin < out.size(); begin += batch) {
    const auto count = std::min(batch, out.size() - begin);
    for (std::size_t i = 0; i < count; i += 4) {
      const auto four =
        core::random_words(site, static_cast<std::uint32_t>((begin + i) / 4));
      std::copy(four.begin(), four.end(), words.begin() + i);
    }
    HWY_DYNAMIC_DISPATCH(box_muller)(words.data(), normals.data());
    std::copy_n(normals.begin(), count, out.data() + begin);
  }
}

} // namespace souk::models::kernels

#endif
