#pragma once

/// Elementary functions with the same bits on every processor.
///
/// glibc's exp, log and sin choose an FMA variant at run time and round differently
/// where it is missing. These use only IEEE 754 additions, multiplications, divisions
/// and square roots in one fixed order (the build forbids contraction), so whatever is
/// drawn or simulated with them repeats anywhere. Accuracy: within 2 ulp.
namespace souk::core::portable {

/// e^x; 0 below -745, infinity above 709.78.
double exp(double x);

/// Natural logarithm; x must be positive and finite.
double log(double x);

/// log(1 + x) without cancellation near 0; x > -1.
double log1p(double x);

/// x^y for positive x.
double pow(double x, double y);

/// 1 / (1 + e^-x).
double sigmoid(double x);

struct sine_and_cosine {
  double sine;
  double cosine;
};

/// Sine and cosine of a full turn times `turns`, for `turns` in [0, 1].
sine_and_cosine of_turns(double turns);

} // namespace souk::core::portable
