#include "eval/student_t.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"

#include <cmath>

namespace souk::eval {

namespace {

constexpr double pi = 3.14159265358979323846;

/// Beta(degrees / 2, 1 / 2), from Beta(1/2, 1/2) = pi and Beta(1, 1/2) = 2 upwards.
double beta_of_half(std::uint64_t degrees) {
  const auto odd = degrees % 2 == 1;
  auto value = odd ? pi : 2.0;
  for (auto a = odd ? 0.5 : 1.0; a < 0.5 * static_cast<double>(degrees); a += 1)
    value *= a / (a + 0.5);
  return value;
}

double away_from_zero(double x) {
  constexpr double tiny = 1e-300;
  return std::fabs(x) < tiny ? tiny : x;
}

/// The continued fraction of the incomplete beta function, by Lentz's method
/// (Abramowitz & Stegun, 26.5.8).
double continued_fraction(double a, double b, double x) {
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double value = d;
  const auto extend = [&](double numerator) {
    d = 1 / away_from_zero(1 + numerator * d);
    c = away_from_zero(1 + numerator / c);
    value *= c * d;
    return std::fabs(c * d - 1);
  };
  for (int m = 1; m < 1000; ++m) {
    extend(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    if (extend(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))) < 1e-15)
      break;
  }
  return value;
}

} // namespace

double student_t_two_sided(double t, std::uint64_t degrees) {
  core::expects(degrees > 0 && t >= 0, "Student's t has degrees of freedom");
  const auto n = static_cast<double>(degrees);
  const auto a = 0.5 * n;
  const auto b = 0.5;
  // The chance is the regularised incomplete beta function at x = n / (n + t^2).
  const auto x = n / (n + t * t);
  if (!(x > 0))
    return 0; // t is infinite, or its square is
  const auto rest = t * t / (n + t * t);
  const auto factor = core::portable::exp(a * core::portable::log(x)) * std::sqrt(rest)
                      / beta_of_half(degrees);
  // Either fraction converges fast on its own side.
  if (x < (a + 1) / (a + b + 2))
    return factor * continued_fraction(a, b, x) / a;
  return 1 - factor * continued_fraction(b, a, rest) / b;
}

double student_t_quantile(double probability, std::uint64_t degrees) {
  core::expects(probability >= 0.5 && probability < 1,
                "an upper quantile is asked for");
  const auto beyond = 2 * (1 - probability);
  double low = 0;
  double high = 1;
  while (student_t_two_sided(high, degrees) > beyond)
    high *= 2;
  for (int halving = 0; halving < 200; ++halving) {
    const auto middle = 0.5 * (low + high);
    (student_t_two_sided(middle, degrees) > beyond ? low : high) = middle;
  }
  return high;
}

} // namespace souk::eval
