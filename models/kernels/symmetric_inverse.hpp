#pragma once

#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

#include <functional>

namespace souk::models::kernels {

/// Inverts a symmetric positive definite matrix in place, [size, size]. Only the lower
/// triangle is read and written; the upper one may hold anything, afterwards too.
///
/// Sweeps one block of pivots after the other (Goodnight, "A Tutorial on the SWEEP
/// Operator", 1979): the same operations as LAPACK's spotrf and spotri together, but
/// nearly all of them are products of fixed tiles, so the bits do not depend on threads
/// and follow the instruction set that oneDNN is held to. `advance(done, total)` is
/// called between blocks. Returns false if a pivot is not positive; the matrix is then
/// spoilt.
bool invert_symmetric(worker_pool& pool,
                      matrix a,
                      const std::function<void(std::size_t, std::size_t)>& advance);

} // namespace souk::models::kernels
