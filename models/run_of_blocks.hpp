#pragma once

#include "models/block_products.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/worker_pool.hpp"

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

/// How many rows go into a product: the run's, or a block's if they must be alone or
/// there is too little to do for the threads.
inline std::size_t rows_of_products(const kernels::worker_pool& pool,
                                    const run_shape& run,
                                    bool shared,
                                    const kernels::tiling& tiles) {
  return shared && tiles.count() >= pool.threads() ? run.total_rows() : run.rows;
}

/// Calls body(first row, last row, first column, last column, worker) for groups of
/// `rows` rows and tiles of columns.
template <class Body>
void for_groups_and_tiles(kernels::worker_pool& pool,
                          const run_shape& run,
                          std::size_t rows,
                          const kernels::tiling& tiles,
                          const Body& body) {
  const auto groups = run.total_rows() / rows;
  pool.parallel_for(groups * tiles.count(), [&](std::size_t index, std::size_t worker) {
    const auto group = index / tiles.count();
    const auto tile = index % tiles.count();
    body(group * rows, (group + 1) * rows, tiles.begin(tile), tiles.end(tile), worker);
  });
}

} // namespace souk::models
