#pragma once

#include "core/span.hpp"
#include "models/kernels/matrix.hpp"

namespace souk::models::kernels {

/// Adds a bias, [columns], to every row of some consecutive rows.
void add_bias(core::span<const float> bias, matrix rows);

/// Replaces each value by the tanh of itself plus its column's bias, [columns].
/// Within 4 ulp; a value's bits do not depend on its place or its neighbours.
void tanh_with_bias(core::span<const float> bias, matrix rows);

/// Multiplies each gradient by tanh's derivative 1 - y^2 at its output y; both matrices
/// have the same shape.
void multiply_by_tanh_slope(const_matrix outputs, matrix gradients);

/// Writes e^(factor * x) for each x, [out.size()]. Within 2 ulp; bits as above.
void exponentials(float factor, const float* values, core::span<float> out);

/// sum = sum + other, element by element.
void add(core::span<const float> other, float* sum);

/// sum = left + right, element by element: [sum.size()].
void add(const float* left, const float* right, core::span<float> sum);

/// Writes the sums over all rows, added in row order, for columns [begin, end).
void sum_columns(const_matrix rows, std::size_t begin, std::size_t end, float* out);

} // namespace souk::models::kernels
