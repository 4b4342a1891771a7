#pragma once

#include "core/span.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/model_options.hpp"

#include <cstddef>
#include <memory>

namespace souk::models {

/// How often the operands of a step's products are rounded, where they are.
enum class rounding {
  once_a_step, ///< and kept: half the memory of W and y beside them
  each_time,   ///< with every product that reads them
};

/// A trainer's run of blocks: `blocks` (a power of two) of `rows` rows each.
struct run_shape {
  std::size_t blocks = 1;
  std::size_t rows = 0;

  std::size_t total_rows() const {
    return blocks * rows;
  }
};

/// A layer's gradient, or that of some of its outputs.
struct layer_gradient {
  kernels::matrix weight; ///< [outputs, inputs], without gaps
  core::span<float> bias; ///< [outputs]
};

/// Where a layer's gradient goes, some neighbouring outputs at a time. Threads call it
/// at the same time, for different outputs; a worker that asked for room has what it
/// put there taken before it asks again.
class gradient_receiver {
public:
  virtual ~gradient_receiver() = default;

  /// Returns where a worker of the pool sums outputs [begin, end).
  virtual layer_gradient
  room(std::size_t begin, std::size_t end, std::size_t worker) = 0;

  /// The gradient of outputs from `begin` on is there, and in this thread's cache. Its
  /// room may be used again.
  virtual void take(std::size_t begin, const layer_gradient& gradient) = 0;
};

/// The products of one linear layer y = x W^T for a run of blocks, W being [outputs,
/// inputs]; x and y have a row per row of the run, padded to `kernels::padded`.
///
/// A block's bits are those that it has when it is computed alone, serially, in tiles
/// of W's outputs or inputs. In float, y is made of chains (`chained_product`), whose
/// bits do not depend on the rows beside them. Other products of oneDNN's are shared by
/// blocks, or add to one sum, only where a probe at these very shapes and strides, made
/// at start, found equal bits (they differ where oneDNN cuts the rows or the inner
/// extent). Threads share tiles, or tiles of single blocks where there are too few.
///
/// The three products of a step come in this order, with the same operands: in bf16 the
/// later ones use what the earlier ones rounded. Made with `rounding::each_time` they
/// come in any order, and layers of one shape may share them.
class block_products {
public:
  virtual ~block_products() = default;

  /// y = x W^T.
  virtual void
  forward(kernels::matrix x, kernels::const_matrix weight, kernels::matrix y) = 0;

  /// Sums dy^T x, [outputs, inputs], and dy, [outputs], over the rows of each block and
  /// over blocks along the tree: the gradients of W and of the layer's bias.
  virtual void weight_gradient(kernels::matrix dy,
                               kernels::matrix x,
                               gradient_receiver& receiver) = 0;

  /// The same, to where all of it has a place.
  void weight_gradient(kernels::matrix dy,
                       kernels::matrix x,
                       const layer_gradient& gradient);

  /// The most outputs that a receiver is asked to make room for at a time.
  virtual std::size_t outputs_received() const = 0;

  /// dx = dy W.
  virtual void
  backward(kernels::matrix dy, kernels::const_matrix weight, kernels::matrix dx) = 0;
};

/// Makes the products of a layer. Unless in `precision::fp32` operands are rounded and
/// sums kept in float; the caller has checked the precision (`check_precision`).
std::unique_ptr<block_products>
make_block_products(kernels::worker_pool& pool,
                    run_shape run,
                    std::size_t inputs,
                    std::size_t outputs,
                    precision operands,
                    rounding how = rounding::once_a_step);

} // namespace souk::models
