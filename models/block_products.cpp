#include "models/block_products.hpp"

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "models/amx_products.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/chained_product.hpp"
#include "models/kernels/instruction_set.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/kernels/packed_weights.hpp"
#include "models/kernels/serial_products.hpp"
#include "models/run_of_blocks.hpp"
#include "models/sharing_probes.hpp"
#include "models/tiled_products.hpp"

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

/// Leaves a gradient where it is summed.
class gradient_in_place : public gradient_receiver {
public:
  explicit gradient_in_place(const layer_gradient& whole) : whole_{whole} {
    // nop
  }

  layer_gradient room(std::size_t begin, std::size_t end, std::size_t) override {
    return {whole_.weight.row_range(begin, end),
            whole_.bias.subspan(begin, end - begin)};
  }

  void take(std::size_t, const layer_gradient&) override {
    // nop
  }

private:
  layer_gradient whole_;
};

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

  void weight_gradient(matrix dy, matrix x, gradient_receiver& receiver) override {
    products_.weight_gradient(dy, x, dy, receiver);
  }

  std::size_t outputs_received() const override {
    return products_.outputs_received();
  }

  void backward(matrix dy, const_matrix weight, matrix dx) override {
    products_.backward(dy, weight, dx);
  }

private:
  kernels::worker_pool& pool_;
  tiled_products<kernels::float_multiplier> products_;
  core::aligned_buffer<float> panels_; ///< scratch, by worker
};

/// Products of what the caller has, rounded, by oneDNN.
class bf16_products : public block_products {
public:
  bf16_products(kernels::worker_pool& pool,
                run_shape run,
                std::size_t inputs,
                std::size_t outputs,
                rounding how)
    : pool_{pool}, run_{run}, rounds_again_{how == rounding::each_time},
      products_{pool, run, inputs, outputs}, x_{run.total_rows(), inputs,
                                                kernels::padded(inputs)},
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

  void weight_gradient(matrix dy, matrix x, gradient_receiver& receiver) override {
    dy_.round(pool_, dy);
    if (rounds_again_)
      x_.round(pool_, x);
    products_.weight_gradient(dy_.values, x_.values, dy, receiver);
  }

  std::size_t outputs_received() const override {
    return products_.outputs_received();
  }

  void backward(matrix dy, const_matrix weight, matrix dx) override {
    if (rounds_again_) {
      dy_.round(pool_, dy);
      weight_.round(pool_, weight);
    }
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
  const bool rounds_again_;
  tiled_products<kernels::bf16_multiplier> products_;
  rounded x_, dy_, weight_;
  std::size_t rows_forward_ = 0; ///< that go into a product
};

} // namespace

void block_products::weight_gradient(matrix dy,
                                     matrix x,
                                     const layer_gradient& gradient) {
  gradient_in_place receiver{gradient};
  weight_gradient(dy, x, receiver);
}

std::unique_ptr<block_products> make_block_products(kernels::worker_pool& pool,
                                                    run_shape run,
                                                    std::size_t inputs,
                                                    std::size_t outputs,
                                                    precision operands,
                                                    rounding how) {
  if (operands == precision::fp32)
    return std::make_unique<float_products>(pool, run, inputs, outputs);
  if (kernels::settled_isa() == core::isa::amx)
    return std::make_unique<amx_products>(pool, run, inputs, outputs,
                                          operands == precision::bf16x3
                                            ? kernels::bf16_terms::two
                                            : kernels::bf16_terms::one);
  core::expects(operands == precision::bf16, "only AMX multiplies sums of bf16");
  return std::make_unique<bf16_products>(pool, run, inputs, outputs, how);
}

} // namespace souk::models
