#include "core/portable_math.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace souk::core::portable {

namespace {

/// Evaluates a polynomial whose coefficients are given from the constant upwards.
template <std::size_t Size>
double horner(const double (&coefficients)[Size], double x) {
  auto sum = coefficients[Size - 1];
  for (auto i = Size - 1; i-- > 0;)
    sum = sum * x + coefficients[i];
  return sum;
}

double power_of_two(int exponent) {
  const auto bits = static_cast<std::uint64_t>(exponent + 1023) << 52;
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Rounds down; |x| must be below 2^31. Compiled in place, which std::floor is not
/// where the processor's own instruction may be missing.
int rounded_down(double x) {
  const auto towards_zero = static_cast<int>(x);
  return towards_zero - (static_cast<double>(towards_zero) > x ? 1 : 0);
}

struct binary_parts {
  double mantissa; ///< [0.5, 1)
  int exponent;
};

/// Takes a number apart as std::frexp does.
binary_parts parts_of(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const auto stored_exponent = bits >> 52; // and the sign
  if (stored_exponent == 0 || stored_exponent >= 2047) {
    binary_parts parts;
    parts.mantissa = std::frexp(x, &parts.exponent);
    return parts;
  }
  bits = (bits & 0x000FFFFFFFFFFFFFU) | 0x3FE0000000000000U;
  double mantissa;
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  return {mantissa, static_cast<int>(stored_exponent) - 1022};
}

// ln 2 in two pieces: the first has 21 trailing zero bits, so k * high is exact.
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;

} // namespace

double exp(double x) {
  if (x > 709.78)
    return std::numeric_limits<double>::infinity();
  if (x < -745.0)
    return 0.0;
  static constexpr double taylor[] = {1.0,
                                      1.0,
                                      1.0 / 2,
                                      1.0 / 6,
                                      1.0 / 24,
                                      1.0 / 120,
                                      1.0 / 720,
                                      1.0 / 5040,
                                      1.0 / 40320,
                                      1.0 / 362880,
                                      1.0 / 3628800,
                                      1.0 / 39916800,
                                      1.0 / 479001600,
                                      1.0 / 6227020800.0};
  const auto exponent = rounded_down(x * 1.44269504088896338700 + 0.5);
  const auto k = static_cast<double>(exponent);
  const auto reduced = (x - k * ln2_high) - k * ln2_low;
  const auto value = horner(taylor, reduced);
  // Two factors: the result may be subnormal although no single power of two is.
  const auto half = exponent / 2;
  return value * power_of_two(half) * power_of_two(exponent - half);
}

double log(double x) {
  static constexpr double series[] = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,
                                      2.0 / 9,  2.0 / 11, 2.0 / 13, 2.0 / 15,
                                      2.0 / 17, 2.0 / 19, 2.0 / 21};
  auto [mantissa, exponent] = parts_of(x);
  if (mantissa < 0.70710678118654752440) {
    mantissa *= 2;
    --exponent;
  }
  // log m = 2 artanh((m - 1) / (m + 1)), |ratio| <= 0.1716.
  const auto ratio = (mantissa - 1) / (mantissa + 1);
  const auto tail = ratio * horner(series, ratio * ratio);
  return exponent * ln2_high + (tail + exponent * ln2_low);
}

double log1p(double x) {
  const auto rounded = 1 + x;
  if (rounded == 1)
    return x;
  // Kahan's correction for what 1 + x lost.
  return log(rounded) * (x / (rounded - 1));
}

double pow(double x, double y) {
  return exp(y * log(x));
}

double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

sine_and_cosine of_turns(double turns) {
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
  const auto quadrant = std::floor(turns * 4 + 0.5);
  // turns - quadrant / 4 is exact, so the reduced angle is as good as its input.
  const auto angle = (turns - quadrant / 4) * 6.28318530717958647693;
  const auto square = angle * angle;
  const auto sine = angle * horner(sine_series, square);
  const auto cosine = horner(cosine_series, square);
  switch (static_cast<int>(quadrant) & 3) {
  case 0:
    return {sine, cosine};
  case 1:
    return {cosine, -sine};
  case 2:
    return {-sine, -cosine};
  default:
    return {-cosine, sine};
  }
}

} // namespace souk::core::portable
