#pragma once

#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

/// All dense products of all models (oneDNN's sgemm).
///
/// The longer side of the output is cut into tiles whose width depends on the output's
/// shape alone, and each tile is one serial product: the bits depend on the shapes and
/// on the instruction set, never on threads.
namespace souk::models::kernels {

/// c = a b: [rows, inner] x [inner, columns].
void product(worker_pool& pool, const_matrix a, const_matrix b, matrix c);

/// c = a b^T: [rows, inner] x [columns, inner].
void product_with_transposed(worker_pool& pool,
                             const_matrix a,
                             const_matrix b,
                             matrix c);

/// c = a^T b: [inner, rows] x [inner, columns].
void transposed_product(worker_pool& pool, const_matrix a, const_matrix b, matrix c);

/// c = c - a b^T, serially and in one tile: [rows, inner] x [columns, inner].
void subtract_product_with_transposed(const_matrix a, const_matrix b, matrix c);

} // namespace souk::models::kernels
