#pragma once

#include "core/span.hpp"
#include "models/kernels/matrix.hpp"

namespace souk::models::kernels {

/// out = rows weights: [rows, inputs] x [inputs, columns], serially.
///
/// Each element is one chain of fused multiply-adds (of multiplications and additions
/// where the processor has none) over the inputs in ascending order. Its bits therefore
/// depend neither on the rows beside it nor on how the columns were cut: a user alone
/// gets the scores of a batch, and a block alone those of a run of blocks. Allocates
/// nothing.
void chained_product(const_matrix rows, const_matrix weights, matrix out);

/// out = rows weights + bias, whose bias, [columns], is added when a chain is done: the
/// bits are those of `chained_product` and an addition.
void chained_product(const_matrix rows,
                     const_matrix weights,
                     core::span<const float> bias,
                     matrix out);

} // namespace souk::models::kernels
