#pragma once

#include "core/aligned_vector.hpp"
#include "core/span.hpp"
#include "models/block_products.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

namespace souk::models {

/// The products of gradients of a linear layer, as `block_products` promises them, from
/// a multiplier's operands: `float_multiplier`'s or `bf16_multiplier`'s.
template <class Multiplier>
class tiled_products {
public:
  using operand = typename Multiplier::operand;

  /// Probes what blocks may share, and compiles all shapes.
  tiled_products(kernels::worker_pool& pool,
                 run_shape run,
                 std::size_t inputs,
                 std::size_t outputs);

  void backward(operand dy, operand weight, kernels::matrix dx);

  /// `dy_sums` is dy in float.
  void weight_gradient(operand dy,
                       operand x,
                       kernels::const_matrix dy_sums,
                       gradient_receiver& receiver);

  std::size_t outputs_received() const;

  /// For products that others add.
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
                  kernels::matrix out);
  kernels::matrix scratch(std::size_t worker, std::size_t count, std::size_t outputs);

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

/// Sums dy, [rows of the run, outputs], over the rows of each block and over blocks
/// along the tree: a bias's gradient.
void sum_bias_gradient(const run_shape& run,
                       kernels::const_matrix dy,
                       core::span<float> bias);

} // namespace souk::models
