#pragma once

#include "core/span.hpp"
#include "models/kernels/matrix.hpp"

#include <cstdint>

namespace souk::models::kernels {

/// Writes the weighted sum of some rows of a table, in the order given, into `out`,
/// [table.columns]: out = sum over j of weights[j] * table[rows[j], :].
///
/// The first layer's forward pass (rows = a user's items), its weight gradient (rows =
/// the users who have an item) and EASE's scores are all this. Uses separate
/// multiplications and additions, so the bits are those of the plain loop on every
/// instruction set.
void sum_of_rows(const_matrix table,
                 core::span<const std::uint32_t> rows,
                 core::span<const float> weights,
                 float* out);

} // namespace souk::models::kernels
