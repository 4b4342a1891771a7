#pragma once

#include "core/span.hpp"
#include "models/kernels/matrix.hpp"

#include <cstdint>

namespace souk::models::kernels {

/// The upper half of a float: 8 bits of exponent, 7 of fraction.
enum class bf16 : std::uint16_t {};

using bf16_matrix = basic_matrix<bf16>;

/// Rounds floats to the nearest bf16, ties to even; NaN stays NaN. The bits are the
/// same on every instruction set.
void round_to_bf16(core::span<const float> values, bf16* out);

/// Writes each bf16 as the float that it is, [out.size()].
void widen(const bf16* values, core::span<float> out);

} // namespace souk::models::kernels
