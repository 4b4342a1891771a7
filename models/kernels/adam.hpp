#pragma once

#include "core/span.hpp"

namespace souk::models::kernels {

/// One step's numbers: weights of the past, and the bias corrections folded in.
struct adam_coefficients {
  float beta1 = 0;
  float beta2 = 0;
  float step_size = 0;      ///< learning rate / (1 - beta1^step)
  float variance_scale = 0; ///< 1 / sqrt(1 - beta2^step)
  float epsilon = 0;
};

/// Updates moments and parameters, all of one length, in one pass. A gradient's
/// negative zeros count as positive ones: a sum's zeros have the sign of chance.
///   m <- m + (1 - beta1) (g - m);  v <- v + (1 - beta2) (g^2 - v);
///   w <- w - step_size m / (sqrt(v) variance_scale + epsilon).
/// Separate multiplications and additions, square roots and divisions only: the bits
/// are the same on every instruction set and wherever a range is cut.
void apply_adam(const adam_coefficients& with,
                core::span<const float> gradient,
                core::span<float> parameters,
                core::span<float> first_moments,
                core::span<float> second_moments);

} // namespace souk::models::kernels
