#include "models/block_products.hpp"

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "models/kernels/chained_product.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/kernels/packed_weights.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace souk::models {

using kernels::basic_matrix;
using kernels::bf16;
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

/// A weight gradient's tiles: narrow enough that the sums of a tile's blocks stay in a
/// core's second-level cache.
tiling gradient_tiles(std::size_t outputs) {
  return kernels::product_tiles(outputs, 256);
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

void fill_with_noise(core::span<bf16> values, std::uint32_t seed) {
  core::aligned_buffer<float> floats{values.size()};
  fill_with_noise({floats.data(), floats.size()}, seed);
  kernels::round_to_bf16({floats.data(), floats.size()}, values.data());
}

/// Memory of a probe, freed with it.
template <class T>
class probe_memory {
public:
  basic_matrix<T> make(std::size_t rows, std::size_t columns, std::size_t stride) {
    return {buffers_.emplace_back(rows * stride).data(), rows, columns, stride};
  }

  basic_matrix<T>
  make_noise(std::size_t rows, std::size_t columns, std::size_t stride) {
    const auto made = make(rows, columns, stride);
    fill_with_noise(core::span<T>{made.data, rows * stride},
                    static_cast<std::uint32_t>(buffers_.size()));
    return made;
  }

private:
  std::vector<core::aligned_buffer<T>> buffers_;
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
template <class T, class Multiply>
bool rows_may_be_shared(const run_shape& run,
                        const basic_matrix<T>& left,
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

/// The products of operands of type T.
template <class T>
class tiled_products {
public:
  tiled_products(kernels::worker_pool& pool,
                 run_shape run,
                 std::size_t inputs,
                 std::size_t outputs);

  /// In float, `chained_product` takes its place.
  template <class X, class W>
  void forward(X x, W weight, matrix y);
  template <class Y, class W>
  void backward(Y dy, W weight, matrix dx);
  /// `dy_sums` is dy in float.
  void weight_gradient(basic_matrix<T> dy,
                       basic_matrix<T> x,
                       matrix weight,
                       const_matrix dy_sums,
                       core::span<float> bias);

private:
  bool probe_forward();
  bool probe_backward();
  bool probe_pairs();

  /// A tile of outputs whose gradient one thread sums.
  struct tile_of_outputs {
    basic_matrix<T> dy; ///< [rows of the run, tile's outputs]
    basic_matrix<T> x;
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
  bool forward_is_shared_ = false;
  bool backward_is_shared_ = false;
  bool pairs_add_up_ = false;
  std::size_t scratch_depth_ = 0;
  core::aligned_buffer<float> scratch_; ///< sums of right subtrees, by worker and depth
};

template <class T>
tiled_products<T>::tiled_products(kernels::worker_pool& pool,
                                  run_shape run,
                                  std::size_t inputs,
                                  std::size_t outputs)
  : pool_{pool}, run_{run}, inputs_{inputs}, outputs_{outputs} {
  if (run.blocks == 1)
    return;
  // Inside a loop of the pool products are serial.
  pool_.parallel_for(1, [this](std::size_t) {
    if constexpr (std::is_same_v<T, bf16>)
      forward_is_shared_ = probe_forward();
    backward_is_shared_ = probe_backward();
    pairs_add_up_ = probe_pairs();
  });
  for (auto count = run_.blocks; count > (pairs_add_up_ ? 2 : 1); count /= 2)
    ++scratch_depth_;
  const auto tile = gradient_tiles(outputs_).width;
  scratch_ =
    core::aligned_buffer<float>{pool_.threads() * scratch_depth_ * tile * inputs_};
}

template <class T>
template <class X, class W>
void tiled_products<T>::forward(X x, W weight, matrix y) {
  for_groups_and_tiles(
    pool_, run_, forward_is_shared_, kernels::product_tiles(outputs_),
    [&](std::size_t row, std::size_t row_end, std::size_t column,
        std::size_t column_end) {
      kernels::serial_product_with_transposed(
        x.row_range(row, row_end), weight.row_range(column, column_end),
        y.row_range(row, row_end).column_range(column, column_end));
    });
}

template <class T>
template <class Y, class W>
void tiled_products<T>::backward(Y dy, W weight, matrix dx) {
  for_groups_and_tiles(
    pool_, run_, backward_is_shared_, kernels::product_tiles(inputs_),
    [&](std::size_t row, std::size_t row_end, std::size_t column,
        std::size_t column_end) {
      kernels::serial_product(
        dy.row_range(row, row_end), weight.column_range(column, column_end),
        dx.row_range(row, row_end).column_range(column, column_end));
    });
}

template <class T>
void tiled_products<T>::weight_gradient(basic_matrix<T> dy,
                                        basic_matrix<T> x,
                                        matrix weight,
                                        const_matrix dy_sums,
                                        core::span<float> bias) {
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

template <class T>
void tiled_products<T>::sum_blocks(const tile_of_outputs& tile,
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

template <class T>
matrix
tiled_products<T>::scratch(std::size_t worker, std::size_t count, std::size_t outputs) {
  std::size_t depth = 0;
  for (; count < run_.blocks; count *= 2)
    ++depth;
  const auto tile = gradient_tiles(outputs_).width;
  return {scratch_.data() + (worker * scratch_depth_ + depth) * tile * inputs_, outputs,
          inputs_};
}

template <class T>
bool tiled_products<T>::probe_forward() {
  probe_memory<T> operands;
  probe_memory<float> outcomes;
  const auto rows = run_.total_rows();
  const auto stride = kernels::padded(outputs_);
  const auto weight = operands.make_noise(outputs_, inputs_, inputs_);
  return rows_may_be_shared(
    run_, operands.make_noise(rows, inputs_, kernels::padded(inputs_)),
    outcomes.make(rows, outputs_, stride), outcomes.make(run_.rows, outputs_, stride),
    kernels::product_tiles(outputs_),
    [&](const basic_matrix<T>& x, auto begin, auto end, const matrix& y) {
      kernels::serial_product_with_transposed(x, weight.row_range(begin, end), y);
    });
}

template <class T>
bool tiled_products<T>::probe_backward() {
  probe_memory<T> operands;
  probe_memory<float> outcomes;
  const auto rows = run_.total_rows();
  const auto stride = kernels::padded(inputs_);
  const auto weight = operands.make_noise(outputs_, inputs_, inputs_);
  return rows_may_be_shared(
    run_, operands.make_noise(rows, outputs_, kernels::padded(outputs_)),
    outcomes.make(rows, inputs_, stride), outcomes.make(run_.rows, inputs_, stride),
    kernels::product_tiles(inputs_),
    [&](const basic_matrix<T>& dy, auto begin, auto end, const matrix& dx) {
      kernels::serial_product(dy, weight.column_range(begin, end), dx);
    });
}

template <class T>
bool tiled_products<T>::probe_pairs() {
  probe_memory<T> operands;
  probe_memory<float> outcomes;
  const auto rows = 2 * run_.rows;
  const auto x = operands.make_noise(rows, inputs_, kernels::padded(inputs_));
  const auto dy = operands.make_noise(rows, outputs_, kernels::padded(outputs_));
  const auto tiles = gradient_tiles(outputs_);
  const auto sum = outcomes.make(tiles.width, inputs_, inputs_);
  const auto other = outcomes.make(tiles.width, inputs_, inputs_);
  return in_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
    const auto multiply = [&](std::size_t block, const matrix& out,
                              kernels::product_mode mode) {
      kernels::serial_transposed_product(
        block_of(dy.column_range(begin, end), run_, block), block_of(x, run_, block),
        out.row_range(0, end - begin), mode);
    };
    multiply(0, sum, kernels::product_mode::write);
    multiply(1, other, kernels::product_mode::write);
    kernels::add({other.data, (end - begin) * inputs_}, sum.data);
    multiply(0, other, kernels::product_mode::write);
    multiply(1, other, kernels::product_mode::add);
    return same_bits(sum.row_range(0, end - begin), other.row_range(0, end - begin));
  });
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
  tiled_products<float> products_;
  core::aligned_buffer<float> panels_; ///< scratch, by worker
};

/// Products of what the caller has, rounded.
class bf16_products : public block_products {
public:
  bf16_products(kernels::worker_pool& pool,
                run_shape run,
                std::size_t inputs,
                std::size_t outputs)
    : pool_{pool}, products_{pool, run, inputs, outputs}, x_{run.total_rows(), inputs,
                                                             kernels::padded(inputs)},
      dy_{run.total_rows(), outputs, kernels::padded(outputs)}, weight_{outputs, inputs,
                                                                        inputs} {
    // nop
  }

  void forward(matrix x, const_matrix weight, matrix y) override {
    x_.round(pool_, x);
    weight_.round(pool_, weight);
    products_.forward(x_.values, weight_.values, y);
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
  tiled_products<bf16> products_;
  rounded x_, dy_, weight_;
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
