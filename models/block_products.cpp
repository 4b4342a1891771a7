#include "models/block_products.hpp"

#include "core/aligned_vector.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/chained_product.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/kernels/packed_weights.hpp"
#include "models/kernels/serial_products.hpp"
#include "models/run_of_blocks.hpp"
#include "models/sharing_probes.hpp"

#include <algorithm>

namespace souk::models {

using kernels::basic_matrix;
using kernels::bf16;
using kernels::const_matrix;
using kernels::matrix;
using kernels::product_form;
using kernels::product_mode;
using kernels::tiling;

namespace {

/// How many rows go into a product: the run's, or a block's if they must be alone or
/// there is too little to do for the threads.
std::size_t rows_of_products(const kernels::worker_pool& pool,
                             const run_shape& run,
                             bool shared,
                             const tiling& tiles) {
  return shared && tiles.count() >= pool.threads() ? run.total_rows() : run.rows;
}

/// Calls body(first row, last row, first column, last column, worker) for groups of
/// `rows` rows and tiles of columns.
template <class Body>
void for_groups_and_tiles(kernels::worker_pool& pool,
                          const run_shape& run,
                          std::size_t rows,
                          const tiling& tiles,
                          const Body& body) {
  const auto groups = run.total_rows() / rows;
  pool.parallel_for(groups * tiles.count(), [&](std::size_t index, std::size_t worker) {
    const auto group = index / tiles.count();
    const auto tile = index % tiles.count();
    body(group * rows, (group + 1) * rows, tiles.begin(tile), tiles.end(tile), worker);
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

/// The gradients' products, by a multiplier's operands.
template <class Multiplier>
class tiled_products {
public:
  using operand = typename Multiplier::operand;

  tiled_products(kernels::worker_pool& pool,
                 run_shape run,
                 std::size_t inputs,
                 std::size_t outputs);

  void backward(operand dy, operand weight, matrix dx);
  /// `dy_sums` is dy in float.
  void weight_gradient(
    operand dy, operand x, matrix weight, const_matrix dy_sums, core::span<float> bias);

  Multiplier& multiplier() {
    return multiplier_;
  }

private:
  void compile();

  /// A tile of outputs whose gradient one thread sums.
  struct tile_of_outputs {
    operand dy; ///< [rows of the run, tile's outputs]
    operand x;
    std::size_t worker;
  };

  /// Sums blocks [first, first + count).
  void sum_blocks(const tile_of_outputs& tile,
                  std::size_t first,
                  std::size_t count,
                  matrix out);
  matrix scratch(std::size_t worker, std::size_t count, std::size_t outputs);

  kernels::worker_pool& pool_;
  run_shape run_;
  std::size_t inputs_;
  std::size_t outputs_;
  Multiplier multiplier_;
  bool backward_is_shared_ = false;
  bool pairs_add_up_ = false;
  std::size_t scratch_depth_ = 0;
  core::aligned_buffer<float> scratch_; ///< sums of right subtrees, by worker and depth
};

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
void tiled_products<Multiplier>::weight_gradient(
  operand dy, operand x, matrix weight, const_matrix dy_sums, core::span<float> bias) {
  const auto tiles = gradient_tiles(outputs_);
  // A tile's tree is finished while it is in a core's cache.
  pool_.parallel_for(tiles.count(), [&](std::size_t index, std::size_t worker) {
    const auto begin = tiles.begin(index);
    const auto end = tiles.end(index);
    const tile_of_outputs tile{dy.column_range(begin, end), x, worker};
    sum_blocks(tile, 0, run_.blocks, weight.row_range(begin, end));
    sum_rows_of_blocks(run_, dy_sums.column_range(begin, end), 0, run_.blocks,
                       bias.data() + begin);
  });
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

/// Products of what the caller has.
class float_products : public block_products {
public:
  float_products(kernels::worker_pool& pool,
                 run_shape run,
                 std::size_t inputs,
                 std::size_t outputs)
    : pool_{pool}, products_{pool, run, inputs, outputs}, panels_{
                                                            pool.threads() * inputs
                                                            * kernels::panel_width} {
    // nop
  }

  void forward(matrix x, const_matrix weight, matrix y) override {
    // A row's bits never depend on the rows beside it here.
    const tiling panels{y.columns, kernels::panel_width};
    pool_.parallel_for(panels.count(), [&](std::size_t index, std::size_t worker) {
      const auto begin = panels.begin(index);
      const auto end = panels.end(index);
      auto* const panel = panels_.data() + worker * x.columns * kernels::panel_width;
      kernels::pack_panel(weight.row_range(begin, end), panel);
      kernels::chained_product(x, {panel, x.columns, end - begin, kernels::panel_width},
                               y.column_range(begin, end));
    });
  }

  void
  weight_gradient(matrix dy, matrix x, matrix weight, core::span<float> bias) override {
    products_.weight_gradient(dy, x, weight, dy, bias);
  }

  void backward(matrix dy, const_matrix weight, matrix dx) override {
    products_.backward(dy, weight, dx);
  }

private:
  kernels::worker_pool& pool_;
  tiled_products<kernels::float_multiplier> products_;
  core::aligned_buffer<float> panels_; ///< scratch, by worker
};

/// Products of what the caller has, rounded.
class bf16_products : public block_products {
public:
  bf16_products(kernels::worker_pool& pool,
                run_shape run,
                std::size_t inputs,
                std::size_t outputs)
    : pool_{pool}, run_{run}, products_{pool, run, inputs, outputs},
      x_{run.total_rows(), inputs, kernels::padded(inputs)},
      dy_{run.total_rows(), outputs, kernels::padded(outputs)}, weight_{outputs, inputs,
                                                                        inputs} {
    auto& multiplier = products_.multiplier();
    const kernels::serial_products serial;
    const auto is_shared =
      run.blocks > 1 && forward_may_be_shared(multiplier, run, inputs, outputs);
    const auto tiles = kernels::product_tiles(outputs);
    rows_forward_ = rows_of_products(pool, run, is_shared, tiles);
    for_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
      multiplier.compile(product_form::right_transposed,
                         x_.values.row_range(0, rows_forward_),
                         weight_.values.row_range(begin, end),
                         {nullptr, rows_forward_, end - begin, dy_.values.stride});
    });
  }

  void forward(matrix x, const_matrix weight, matrix y) override {
    x_.round(pool_, x);
    weight_.round(pool_, weight);
    for_groups_and_tiles(pool_, run_, rows_forward_, kernels::product_tiles(y.columns),
                         [&](std::size_t row, std::size_t row_end, std::size_t column,
                             std::size_t column_end, std::size_t worker) {
                           products_.multiplier().multiply(
                             product_form::right_transposed,
                             x_.values.row_range(row, row_end),
                             weight_.values.row_range(column, column_end),
                             y.row_range(row, row_end).column_range(column, column_end),
                             product_mode::write, worker);
                         });
  }

  void
  weight_gradient(matrix dy, matrix, matrix weight, core::span<float> bias) override {
    dy_.round(pool_, dy);
    products_.weight_gradient(dy_.values, x_.values, weight, dy, bias);
  }

  void backward(matrix, const_matrix, matrix dx) override {
    products_.backward(dy_.values, weight_.values, dx);
  }

private:
  struct rounded {
    rounded(std::size_t rows, std::size_t columns, std::size_t stride)
      : memory{rows * stride}, values{memory.data(), rows, columns, stride} {
      // nop
    }

    void round(kernels::worker_pool& pool, const_matrix from) {
      constexpr std::size_t elements_per_job = 65536;
      const tiling jobs{from.rows,
                        std::max<std::size_t>(1, elements_per_job / from.columns)};
      pool.parallel_for(jobs.count(), [&](std::size_t job) {
        for (auto row = jobs.begin(job); row < jobs.end(job); ++row)
          kernels::round_to_bf16({from.row(row), from.columns}, values.row(row));
      });
    }

    core::aligned_buffer<bf16> memory;
    basic_matrix<bf16> values;
  };

  kernels::worker_pool& pool_;
  run_shape run_;
  tiled_products<kernels::bf16_multiplier> products_;
  rounded x_, dy_, weight_;
  std::size_t rows_forward_ = 0; ///< that go into a product
};

} // namespace

std::unique_ptr<block_products> make_block_products(kernels::worker_pool& pool,
                                                    run_shape run,
                                                    std::size_t inputs,
                                                    std::size_t outputs,
                                                    precision operands) {
  if (operands == precision::bf16)
    return std::make_unique<bf16_products>(pool, run, inputs, outputs);
  return std::make_unique<float_products>(pool, run, inputs, outputs);
}

void sum_bias_gradient(const run_shape& run, const_matrix dy, core::span<float> bias) {
  const tiling tiles{dy.columns, kernels::product_tile_max};
  for (std::size_t tile = 0; tile < tiles.count(); ++tile)
    sum_rows_of_blocks(run, dy.column_range(tiles.begin(tile), tiles.end(tile)), 0,
                       run.blocks, bias.data() + tiles.begin(tile));
}

} // namespace souk::models
