#include "models/kernels/symmetric_inverse.hpp"

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "models/kernels/matrix_product.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace souk::models::kernels {

namespace {

constexpr std::size_t pivots_per_block = 256;
constexpr std::size_t tile_size = 512;

/// Inverts the block in double precision, one pivot at a time, from its lower triangle:
/// the errors of pivots would spread over the whole matrix.
bool invert_block(const_matrix block, matrix inverse) {
  const auto size = block.rows;
  std::vector<double> a(size * size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      a[i * size + j] = a[j * size + i] = static_cast<double>(block.row(i)[j]);
  std::vector<double> pivot_row(size);
  for (std::size_t k = 0; k < size; ++k) {
    const auto pivot = a[k * size + k];
    if (!(pivot > 0))
      return false;
    std::copy_n(&a[k * size], size, pivot_row.begin());
    for (std::size_t i = 0; i < size; ++i) {
      if (i == k)
        continue;
      const auto factor = pivot_row[i] / pivot;
      for (std::size_t j = 0; j < size; ++j)
        a[i * size + j] -= factor * pivot_row[j];
      a[i * size + k] = a[k * size + i] = factor;
    }
    a[k * size + k] = -1 / pivot;
  }
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j)
      inverse.row(i)[j] = static_cast<float>(-a[i * size + j]);
  return true;
}

/// A block of pivots and the panels that its sweep needs, [size, pivots].
struct sweep {
  matrix a;
  std::size_t begin;
  std::size_t end;
  matrix columns;        ///< the block's columns of `a`; zeros in the block's rows
  matrix scaled_columns; ///< columns x the block's inverse
  matrix inverse;        ///< of the block, [pivots, pivots]
};

void gather_columns(const sweep& s, std::size_t row) {
  auto* out = s.columns.row(row);
  if (row >= s.end)
    std::copy(s.a.row(row) + s.begin, s.a.row(row) + s.end, out);
  else if (row >= s.begin)
    std::fill_n(out, s.end - s.begin, 0.0F);
  else
    for (auto pivot = s.begin; pivot < s.end; ++pivot)
      out[pivot - s.begin] = s.a.row(pivot)[row];
}

void scatter_columns(const sweep& s, std::size_t row) {
  const auto* values = s.scaled_columns.row(row);
  if (row >= s.end)
    std::copy(values, values + (s.end - s.begin), s.a.row(row) + s.begin);
  else if (row >= s.begin)
    for (auto pivot = s.begin; pivot < s.end; ++pivot)
      s.a.row(row)[pivot] = -s.inverse.row(row - s.begin)[pivot - s.begin];
  else
    for (auto pivot = s.begin; pivot < s.end; ++pivot)
      s.a.row(pivot)[row] = values[pivot - s.begin];
}

void update_lower_triangle(worker_pool& pool, const sweep& s) {
  const tiling tiles{s.a.rows, tile_size};
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < tiles.count(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      pairs.emplace_back(i, j);
  pool.parallel_for(pairs.size(), [&](std::size_t index) {
    const auto [i, j] = pairs[index];
    serial_product(product_form::right_transposed,
                   s.scaled_columns.row_range(tiles.begin(i), tiles.end(i)),
                   s.columns.row_range(tiles.begin(j), tiles.end(j)),
                   s.a.row_range(tiles.begin(i), tiles.end(i))
                     .column_range(tiles.begin(j), tiles.end(j)),
                   product_mode::subtract);
  });
}

} // namespace

bool invert_symmetric(worker_pool& pool,
                      matrix a,
                      const std::function<void(std::size_t, std::size_t)>& advance) {
  core::expects(a.rows == a.columns, "only a square matrix has an inverse");
  const tiling blocks{a.rows, pivots_per_block};
  const tiling strips{a.rows, 64};
  core::aligned_vector<float> columns(a.rows * pivots_per_block);
  core::aligned_vector<float> scaled_columns(a.rows * pivots_per_block);
  core::aligned_vector<float> inverse(pivots_per_block * pivots_per_block);
  const auto over_rows = [&](const auto& body) {
    pool.parallel_for(strips.count(), [&](std::size_t strip) {
      for (auto row = strips.begin(strip); row < strips.end(strip); ++row)
        body(row);
    });
  };
  for (std::size_t block = 0; block < blocks.count(); ++block) {
    const auto begin = blocks.begin(block);
    const auto end = blocks.end(block);
    const auto pivots = end - begin;
    const sweep s{a,
                  begin,
                  end,
                  {columns.data(), a.rows, pivots},
                  {scaled_columns.data(), a.rows, pivots},
                  {inverse.data(), pivots, pivots}};
    if (!invert_block(a.row_range(begin, end).column_range(begin, end), s.inverse))
      return false;
    over_rows([&](std::size_t row) { gather_columns(s, row); });
    product(pool, s.columns, s.inverse, s.scaled_columns);
    update_lower_triangle(pool, s);
    over_rows([&](std::size_t row) { scatter_columns(s, row); });
    advance(block + 1, blocks.count());
  }
  over_rows([&](std::size_t row) {
    for (std::size_t column = 0; column <= row; ++column)
      a.row(row)[column] = -a.row(row)[column];
  });
  return true;
}

} // namespace souk::models::kernels
