#pragma once

#include <cstddef>
#include <vector>

namespace souk::models::kernels {

/// Eigenvalues of a symmetric matrix, falling, and their vectors.
struct eigenvectors {
  std::vector<double> values;  ///< [size]
  std::vector<double> vectors; ///< [size, size]; row k belongs to value k
};

/// Decomposes a small symmetric matrix, [size, size], by cyclic Jacobi rotations (Golub
/// & Van Loan, Matrix Computations, section 8.5): in double, to rounding, and with the
/// same bits on every instruction set. Takes some ten sweeps of 3 size^3
/// multiplications.
eigenvectors symmetric_eigenvectors(std::vector<double> matrix, std::size_t size);

} // namespace souk::models::kernels
