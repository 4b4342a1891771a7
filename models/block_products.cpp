#include "models/block_products.hpp"

#include "core/error.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/multinomial_likelihood.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace souk::models {

using kernels::const_matrix;
using kernels::matrix;
using kernels::tiling;

namespace {

template <class Matrix>
Matrix block_of(const Matrix& rows, const run_shape& run, std::size_t block) {
  return {rows.row(block * run.rows), run.rows, rows.columns, rows.stride};
}

/// Calls body(group of rows, tile of columns): all rows of the run together, or block
/// by block if they must be alone or there is too little to do for the threads.
template <class Body>
void for_groups_and_tiles(kernels::worker_pool& pool,
                          const run_shape& run,
                          bool shared,
                          const tiling& tiles,
                          const Body& body) {
  const auto groups = shared && tiles.count() >= pool.threads() ? 1 : run.blocks;
  const auto rows = run.total_rows() / groups;
  pool.parallel_for(groups * tiles.count(), [&](std::size_t index) {
    const auto group = index / tiles.count();
    const auto tile = index % tiles.count();
    body(group * rows, (group + 1) * rows, tiles.begin(tile), tiles.end(tile));
  });
}

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

/// Numbers in [-1, 1) without any pattern: what a probe multiplies.
void fill_with_noise(core::span<float> values, std::uint32_t seed) {
  auto state = seed * 2654435769U + 1;
  for (auto& value : values) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F;
  }
}

bool same_bits(const_matrix a, const_matrix b) {
  for (std::size_t row = 0; row < a.rows; ++row)
    if (std::memcmp(a.row(row), b.row(row), a.columns * sizeof(float)) != 0)
      return false;
  return true;
}

/// Operands of the run's shapes and strides, and room for outcomes.
class operands_of_run {
public:
  operands_of_run(const run_shape& run, std::size_t inputs, std::size_t outputs)
    : x{make(run.total_rows(), inputs, kernels::padded(inputs))},
      dy{make(run.total_rows(), outputs, kernels::padded(outputs))},
      weight{make(outputs, inputs, inputs)} {
    std::uint32_t seed = 1;
    for (const auto& operand : {x, dy, weight})
      fill_with_noise({operand.data, operand.rows * operand.stride}, seed++);
  }

  matrix make(std::size_t rows, std::size_t columns, std::size_t stride) {
    return {buffers_.emplace_back(rows * stride).data(), rows, columns, stride};
  }

private:
  std::vector<core::aligned_buffer<float>> buffers_;

public:
  const matrix x, dy, weight;
};

/// Whether something holds for the first tile and for the last one, which have all the
/// shapes there are.
template <class Predicate>
bool in_outer_tiles(const tiling& tiles, const Predicate& holds) {
  const auto last = tiles.count() - 1;
  return holds(tiles.begin(0), tiles.end(0))
         && (last == 0 || holds(tiles.begin(last), tiles.end(last)));
}

/// Whether blocks have the same bits together and alone: `multiply` writes the columns
/// [begin, end) of an output for the rows of a left operand.
template <class Multiply>
bool rows_may_be_shared(const run_shape& run,
                        const matrix& left,
                        const matrix& together,
                        const matrix& alone,
                        const tiling& tiles,
                        const Multiply& multiply) {
  return in_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
    multiply(left, begin, end, together.column_range(begin, end));
    for (std::size_t block = 0; block < run.blocks; ++block) {
      const auto part = alone.column_range(begin, end);
      multiply(block_of(left, run, block), begin, end, part);
      if (!same_bits(block_of(together, run, block).column_range(begin, end), part))
        return false;
    }
    return true;
  });
}

} // namespace

block_products::block_products(kernels::worker_pool& pool,
                               run_shape run,
                               std::size_t inputs,
                               std::size_t outputs)
  : pool_{pool}, run_{run}, inputs_{inputs}, outputs_{outputs} {
  if (run.blocks == 1)
    return;
  // Inside a loop of the pool products are serial.
  pool_.parallel_for(1, [this](std::size_t) { find_what_may_be_shared(); });
  for (auto count = run_.blocks; count > (pairs_add_up_ ? 2 : 1); count /= 2)
    ++scratch_depth_;
  const auto tile = std::min(outputs_, kernels::product_tile_max);
  scratch_.resize(pool_.threads() * scratch_depth_ * tile * inputs_);
}

void block_products::forward(const_matrix x, const_matrix weight, matrix y) {
  for_groups_and_tiles(
    pool_, run_, forward_is_shared_, kernels::product_tiles(outputs_),
    [&](std::size_t row, std::size_t row_end, std::size_t column,
        std::size_t column_end) {
      kernels::serial_product_with_transposed(
        x.row_range(row, row_end), weight.row_range(column, column_end),
        y.row_range(row, row_end).column_range(column, column_end));
    });
}

void block_products::backward(const_matrix dy, const_matrix weight, matrix dx) {
  for_groups_and_tiles(
    pool_, run_, backward_is_shared_, kernels::product_tiles(inputs_),
    [&](std::size_t row, std::size_t row_end, std::size_t column,
        std::size_t column_end) {
      kernels::serial_product(
        dy.row_range(row, row_end), weight.column_range(column, column_end),
        dx.row_range(row, row_end).column_range(column, column_end));
    });
}

void block_products::weight_gradient(const_matrix dy,
                                     const_matrix x,
                                     matrix weight,
                                     core::span<float> bias) {
  const auto tiles = kernels::product_tiles(outputs_);
  // A tile's tree is finished while it is in a core's cache.
  pool_.parallel_for(tiles.count(), [&](std::size_t index, std::size_t worker) {
    const auto begin = tiles.begin(index);
    const auto end = tiles.end(index);
    const tile_of_outputs tile{dy.column_range(begin, end), x, worker};
    sum_blocks(tile, 0, run_.blocks, weight.row_range(begin, end));
    sum_rows_of_blocks(run_, tile.dy, 0, run_.blocks, bias.data() + begin);
  });
}

void block_products::sum_blocks(const tile_of_outputs& tile,
                                std::size_t first,
                                std::size_t count,
                                matrix out) {
  const auto add_block = [&](std::size_t block, kernels::product_mode mode) {
    kernels::serial_transposed_product(block_of(tile.dy, run_, block),
                                       block_of(tile.x, run_, block), out, mode);
  };
  if (count == 1)
    return add_block(first, kernels::product_mode::write);
  if (count == 2 && pairs_add_up_) {
    add_block(first, kernels::product_mode::write);
    return add_block(first + 1, kernels::product_mode::add);
  }
  sum_blocks(tile, first, count / 2, out);
  const auto right = scratch(tile.worker, count, out.rows);
  sum_blocks(tile, first + count / 2, count / 2, right);
  kernels::add({right.data, right.rows * right.columns}, out.data);
}

matrix
block_products::scratch(std::size_t worker, std::size_t count, std::size_t outputs) {
  std::size_t depth = 0;
  for (; count < run_.blocks; count *= 2)
    ++depth;
  const auto tile = std::min(outputs_, kernels::product_tile_max);
  return {scratch_.data() + (worker * scratch_depth_ + depth) * tile * inputs_, outputs,
          inputs_};
}

void sum_bias_gradient(const run_shape& run, const_matrix dy, core::span<float> bias) {
  const tiling tiles{dy.columns, kernels::product_tile_max};
  for (std::size_t tile = 0; tile < tiles.count(); ++tile)
    sum_rows_of_blocks(run, dy.column_range(tiles.begin(tile), tiles.end(tile)), 0,
                       run.blocks, bias.data() + tiles.begin(tile));
}

void block_products::find_what_may_be_shared() {
  operands_of_run of{run_, inputs_, outputs_};
  const auto rows_for = [&](std::size_t rows, std::size_t columns) {
    return of.make(rows, columns, kernels::padded(columns));
  };
  forward_is_shared_ = rows_may_be_shared(
    run_, of.x, rows_for(run_.total_rows(), outputs_), rows_for(run_.rows, outputs_),
    kernels::product_tiles(outputs_),
    [&](const matrix& x, auto begin, auto end, const matrix& y) {
      kernels::serial_product_with_transposed(x, of.weight.row_range(begin, end), y);
    });
  backward_is_shared_ = rows_may_be_shared(
    run_, of.dy, rows_for(run_.total_rows(), inputs_), rows_for(run_.rows, inputs_),
    kernels::product_tiles(inputs_),
    [&](const matrix& dy, auto begin, auto end, const matrix& dx) {
      kernels::serial_product(dy, of.weight.column_range(begin, end), dx);
    });
  const auto tiles = kernels::product_tiles(outputs_);
  const auto sum = of.make(tiles.width, inputs_, inputs_);
  const auto right = of.make(tiles.width, inputs_, inputs_);
  pairs_add_up_ = in_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
    const auto in_tile = [&](const matrix& rows) {
      return rows.row_range(0, end - begin);
    };
    const auto multiply = [&](std::size_t block, const matrix& out,
                              kernels::product_mode mode) {
      kernels::serial_transposed_product(
        block_of(of.dy.column_range(begin, end), run_, block),
        block_of(of.x, run_, block), out, mode);
    };
    multiply(0, in_tile(sum), kernels::product_mode::write);
    multiply(1, in_tile(right), kernels::product_mode::write);
    kernels::add({right.data, (end - begin) * inputs_}, sum.data);
    multiply(0, in_tile(right), kernels::product_mode::write);
    multiply(1, in_tile(right), kernels::product_mode::add);
    return same_bits(in_tile(sum), in_tile(right));
  });
}

} // namespace souk::models
