#include "models/kernels/matrix_product.hpp"

#include "core/error.hpp"
#include "models/kernels/instruction_set.hpp"

#include <dnnl.h>

#include <algorithm>

namespace souk::models::kernels {

// Measured on outputs of 3,502 to 20,108 items and 200 to 600 hidden units: tiles of
// 1,024 cost at most 2% against the whole product.
tiling product_tiles(std::size_t size, std::size_t widest) {
  constexpr std::size_t indivisible = 256;
  if (size <= indivisible)
    return {size, std::max<std::size_t>(size, 1)};
  const auto tiles = 2 * tiling{size, 2 * widest}.count();
  return {size, ((size + tiles - 1) / tiles + 15) / 16 * 16};
}

void product(worker_pool& pool, const_matrix a, const_matrix b, matrix c) {
  const auto cut_rows = c.rows > c.columns;
  const auto tiles = product_tiles(cut_rows ? c.rows : c.columns);
  pool.parallel_for(tiles.count(), [&](std::size_t tile) {
    const auto begin = tiles.begin(tile);
    const auto end = tiles.end(tile);
    if (cut_rows)
      serial_product(product_form::plain, a.row_range(begin, end), b,
                     c.row_range(begin, end));
    else
      serial_product(product_form::plain, a, b.column_range(begin, end),
                     c.column_range(begin, end));
  });
}

void serial_product(
  product_form form, const_matrix a, const_matrix b, matrix c, product_mode mode) {
  const auto a_transposed = form == product_form::left_transposed;
  const auto b_transposed = form == product_form::right_transposed;
  const auto inner = a_transposed ? a.rows : a.columns;
  core::expects(inner == (b_transposed ? b.columns : b.rows)
                  && (a_transposed ? a.columns : a.rows) == c.rows
                  && (b_transposed ? b.rows : b.columns) == c.columns,
                "the extents of a product agree");
  if (c.rows == 0 || c.columns == 0)
    return;
  settled_isa();
  const auto signed_size = [](std::size_t size) {
    return static_cast<dnnl_dim_t>(size);
  };
  const auto status = dnnl_sgemm(
    a_transposed ? 'T' : 'N', b_transposed ? 'T' : 'N', signed_size(c.rows),
    signed_size(c.columns), signed_size(inner),
    mode == product_mode::subtract ? -1.0F : 1.0F, a.data, signed_size(a.stride),
    b.data, signed_size(b.stride), mode == product_mode::write ? 0.0F : 1.0F, c.data,
    signed_size(c.stride));
  core::expects(status == dnnl_success, "oneDNN computes every product");
}

} // namespace souk::models::kernels
