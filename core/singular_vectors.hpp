#pragma once

#include "core/interactions.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// The leading singular vectors of large matrices, in portable arithmetic: one
/// thread, double precision, sums in the order of rows. Bits are the same everywhere.
namespace souk::core {

/// A tall matrix of few columns, row-major.
struct panel {
  std::size_t columns = 0;
  std::vector<double> values; ///< [rows, columns]; zeros at first

  panel(std::size_t rows, std::size_t width);

  double* row(std::size_t index) {
    return values.data() + index * columns;
  }

  const double* row(std::size_t index) const {
    return values.data() + index * columns;
  }

  std::size_t num_rows() const {
    return values.size() / columns;
  }
};

/// Interactions as a matrix S, scaled: entry (u, i) is users[u] * items[i] where user u
/// has item i, and 0 elsewhere.
struct scaled_interactions {
  const interactions& rows;
  std::vector<double> users; ///< [rows]
  std::vector<double> items; ///< [columns]

  std::size_t num_rows() const {
    return rows.num_rows();
  }

  std::size_t num_columns() const {
    return rows.num_items;
  }

  /// Writes S q, [rows, q.columns]; q has a row per item.
  void times(const panel& q, panel& y) const;

  /// Writes S^T y, [items, y.columns]; y has a row per user.
  void transposed_times(const panel& y, panel& z) const;
};

/// Makes the columns orthonormal, in their order (modified Gram-Schmidt, twice). A
/// column that lies in the span of those before it, up to a square length of 1e-24,
/// becomes zeros.
void orthonormalise(panel& q);

/// Draws orthonormal columns from the seed (`stream::initialise`).
panel random_directions(std::size_t rows, std::size_t columns, std::uint64_t seed);

/// Returns the leading right singular vectors of a matrix, [columns, width], in falling
/// order of their singular values: orthogonal iteration (Golub & Van Loan, Matrix
/// Computations, section 7.3) from random directions. Iteration after iteration, what
/// is still missing of vector k shrinks by the square of the ratio of singular values
/// k + 1 and k. Columns beyond the matrix's rank are zeros; singular values below 1e-6
/// count as none, so keep the largest near 1. A matrix is what has the member
/// functions of `scaled_interactions`.
template <class Matrix>
panel leading_right_vectors(const Matrix& matrix,
                            std::size_t width,
                            int iterations,
                            std::uint64_t seed) {
  auto q = random_directions(matrix.num_columns(), width, seed);
  panel y{matrix.num_rows(), width};
  for (int i = 0; i < iterations; ++i) {
    matrix.times(q, y);
    matrix.transposed_times(y, q);
    orthonormalise(q);
  }
  return q;
}

} // namespace souk::core
