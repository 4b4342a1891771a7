#include "models/tiled_products.hpp"

#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/kernels/serial_products.hpp"
#include "models/run_of_blocks.hpp"
#include "models/sharing_probes.hpp"

namespace souk::models {

using kernels::basic_matrix;
using kernels::const_matrix;
using kernels::matrix;
using kernels::product_form;
using kernels::product_mode;
using kernels::tiling;

namespace {

/// Sums the rows of blocks [first, first + count): at most `product_tile_max` columns.
void sum_rows_of_blocks(const run_shape& run,
                        const const_matrix& rows,
                        std::size_t first,
                        std::size_t count,
                        float* out) {
  if (count == 1)
    return kernels::sum_columns(block_of(rows, run, first), 0, rows.columns, out);
  alignas(64) float right[kernels::product_tile_max];
  sum_rows_of_blocks(run, rows, first, count / 2, out);
  sum_rows_of_blocks(run, rows, first + count / 2, count / 2, right);
  kernels::add({right, rows.columns}, out);
}

} // namespace

template <class Multiplier>
tiled_products<Multiplier>::tiled_products(kernels::worker_pool& pool,
                                           run_shape run,
                                           std::size_t inputs,
                                           std::size_t outputs)
  : pool_{pool}, run_{run}, inputs_{inputs}, outputs_{outputs}, multiplier_{
                                                                  pool.threads()} {
  if (run.blocks > 1) {
    const kernels::serial_products serial;
    backward_is_shared_ = backward_may_be_shared(multiplier_, run, inputs, outputs);
    pairs_add_up_ = pairs_may_add_up(multiplier_, run, inputs, outputs);
  }
  compile();
  for (auto count = run_.blocks; count > (pairs_add_up_ ? 2 : 1); count /= 2)
    ++scratch_depth_;
  const auto tile = gradient_tiles(outputs_).width;
  scratch_ =
    core::aligned_buffer<float>{pool_.threads() * scratch_depth_ * tile * inputs_};
}

template <class Multiplier>
void tiled_products<Multiplier>::compile() {
  using element = typename Multiplier::element;
  const auto shape = [](std::size_t rows, std::size_t columns, std::size_t stride) {
    return basic_matrix<element>{nullptr, rows, columns, stride};
  };
  const auto dx_tiles = kernels::product_tiles(inputs_);
  const auto rows = rows_of_products(pool_, run_, backward_is_shared_, dx_tiles);
  for_outer_tiles(dx_tiles, [&](std::size_t begin, std::size_t end) {
    multiplier_.compile(product_form::plain,
                        shape(rows, outputs_, kernels::padded(outputs_)),
                        shape(outputs_, end - begin, inputs_),
                        {nullptr, rows, end - begin, kernels::padded(inputs_)});
  });
  for_outer_tiles(gradient_tiles(outputs_), [&](std::size_t begin, std::size_t end) {
    for (const auto mode : {product_mode::write, product_mode::add})
      multiplier_.compile(product_form::left_transposed,
                          shape(run_.rows, end - begin, kernels::padded(outputs_)),
                          shape(run_.rows, inputs_, kernels::padded(inputs_)),
                          {nullptr, end - begin, inputs_, inputs_}, mode);
  });
}

template <class Multiplier>
void tiled_products<Multiplier>::backward(operand dy, operand weight, matrix dx) {
  const auto tiles = kernels::product_tiles(inputs_);
  for_groups_and_tiles(
    pool_, run_, rows_of_products(pool_, run_, backward_is_shared_, tiles), tiles,
    [&](std::size_t row, std::size_t row_end, std::size_t column,
        std::size_t column_end, std::size_t worker) {
      multiplier_.multiply(product_form::plain, dy.row_range(row, row_end),
                           weight.column_range(column, column_end),
                           dx.row_range(row, row_end).column_range(column, column_end),
                           product_mode::write, worker);
    });
}

template <class Multiplier>
void tiled_products<Multiplier>::weight_gradient(operand dy,
                                                 operand x,
                                                 const_matrix dy_sums,
                                                 gradient_receiver& receiver) {
  const auto tiles = gradient_tiles(outputs_);
  // A tile's tree is finished while it is in a core's cache.
  pool_.parallel_for(tiles.count(), [&](std::size_t index, std::size_t worker) {
    const auto begin = tiles.begin(index);
    const auto end = tiles.end(index);
    const tile_of_outputs tile{dy.column_range(begin, end), x, worker};
    const auto sums = receiver.room(begin, end, worker);
    sum_blocks(tile, 0, run_.blocks, sums.weight);
    sum_rows_of_blocks(run_, dy_sums.column_range(begin, end), 0, run_.blocks,
                       sums.bias.data());
    receiver.take(begin, sums);
  });
}

template <class Multiplier>
std::size_t tiled_products<Multiplier>::outputs_received() const {
  return gradient_tiles(outputs_).width;
}

template <class Multiplier>
void tiled_products<Multiplier>::sum_blocks(const tile_of_outputs& tile,
                                            std::size_t first,
                                            std::size_t count,
                                            matrix out) {
  const auto add_block = [&](std::size_t block, product_mode mode) {
    multiplier_.multiply(product_form::left_transposed, block_of(tile.dy, run_, block),
                         block_of(tile.x, run_, block), out, mode, tile.worker);
  };
  if (count == 1)
    return add_block(first, product_mode::write);
  if (count == 2 && pairs_add_up_) {
    add_block(first, product_mode::write);
    return add_block(first + 1, product_mode::add);
  }
  sum_blocks(tile, first, count / 2, out);
  const auto right = scratch(tile.worker, count, out.rows);
  sum_blocks(tile, first + count / 2, count / 2, right);
  kernels::add({right.data, right.rows * right.columns}, out.data);
}

template <class Multiplier>
matrix tiled_products<Multiplier>::scratch(std::size_t worker,
                                           std::size_t count,
                                           std::size_t outputs) {
  std::size_t depth = 0;
  for (; count < run_.blocks; count *= 2)
    ++depth;
  const auto tile = gradient_tiles(outputs_).width;
  return {scratch_.data() + (worker * scratch_depth_ + depth) * tile * inputs_, outputs,
          inputs_};
}

void sum_bias_gradient(const run_shape& run, const_matrix dy, core::span<float> bias) {
  const tiling tiles{dy.columns, kernels::product_tile_max};
  for (std::size_t tile = 0; tile < tiles.count(); ++tile)
    sum_rows_of_blocks(run, dy.column_range(tiles.begin(tile), tiles.end(tile)), 0,
                       run.blocks, bias.data() + tiles.begin(tile));
}

template class tiled_products<kernels::float_multiplier>;
template class tiled_products<kernels::bf16_multiplier>;

} // namespace souk::models
