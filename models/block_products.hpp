#pragma once

#include "core/aligned_vector.hpp"
#include "core/span.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

#include <cstddef>

namespace souk::models {

/// A trainer's run of blocks: `blocks` (a power of two) of `rows` rows each.
struct run_shape {
  std::size_t blocks = 1;
  std::size_t rows = 0;

  std::size_t total_rows() const {
    return blocks * rows;
  }
};

/// The products of one linear layer y = x W^T for a run of blocks, W being [outputs,
/// inputs]; x and y have a row per row of the run.
///
/// A block's bits are those that it has when it is computed alone, serially, in tiles
/// of W's outputs or inputs. Blocks share a product, or add to one sum inside it, only
/// where a probe at these very shapes and strides, made by the constructor, found equal
/// bits (they differ where oneDNN cuts the rows or the inner extent). Threads share
/// tiles, or tiles of single blocks where there are too few.
class block_products {
public:
  block_products(kernels::worker_pool& pool,
                 run_shape run,
                 std::size_t inputs,
                 std::size_t outputs);

  /// y = x W^T.
  void
  forward(kernels::const_matrix x, kernels::const_matrix weight, kernels::matrix y);

  /// dx = dy W.
  void
  backward(kernels::const_matrix dy, kernels::const_matrix weight, kernels::matrix dx);

  /// Sums dy^T x, [outputs, inputs], and dy, [outputs], over the rows of each block and
  /// over blocks along the tree: the gradients of W and of the layer's bias.
  void weight_gradient(kernels::const_matrix dy,
                       kernels::const_matrix x,
                       kernels::matrix weight,
                       core::span<float> bias);

private:
  void find_what_may_be_shared();

  /// A tile of outputs whose gradient one thread sums.
  struct tile_of_outputs {
    kernels::const_matrix dy; ///< [rows of the run, tile's outputs]
    kernels::const_matrix x;
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
  bool forward_is_shared_ = false;
  bool backward_is_shared_ = false;
  bool pairs_add_up_ = false;
  std::size_t scratch_depth_ = 0;
  core::aligned_vector<float> scratch_; ///< sums of right subtrees, by worker and depth
};

/// Sums dy, [rows of the run, outputs], over the rows of each block and over blocks
/// along the tree: a bias's gradient.
void sum_bias_gradient(const run_shape& run,
                       kernels::const_matrix dy,
                       core::span<float> bias);

} // namespace souk::models
