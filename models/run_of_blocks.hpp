#pragma once

#include "models/block_products.hpp"
#include "models/kernels/matrix_product.hpp"

namespace souk::models {

/// Views the rows of one block.
template <class Matrix>
Matrix block_of(const Matrix& rows, const run_shape& run, std::size_t block) {
  return {rows.row(block * run.rows), run.rows, rows.columns, rows.stride};
}

/// The tiles of outputs that a weight gradient is cut into: narrow enough that the sums
/// of a tile's blocks stay in a core's second-level cache.
inline kernels::tiling gradient_tiles(std::size_t outputs) {
  return kernels::product_tiles(outputs, 256);
}

/// Calls body(begin, end) for the first tile and, if there is another, the last one:
/// they have all the shapes there are.
template <class Body>
void for_outer_tiles(const kernels::tiling& tiles, const Body& body) {
  const auto last = tiles.count() - 1;
  body(tiles.begin(0), tiles.end(0));
  if (last > 0)
    body(tiles.begin(last), tiles.end(last));
}

} // namespace souk::models
