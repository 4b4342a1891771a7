#pragma once

#include "core/gradient.hpp"
#include "models/model_options.hpp"
#include "models/packed_gradient.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::models {

/// Makes the gradients of a trainer's blocks smaller, each by itself and before any
/// sum, so that what is sent does not depend on who computes which block.
///
/// - `bf16`: every number travels as the nearest bf16, ties to even. Nothing is kept.
/// - `top_k`: of each matrix, the `fraction` of its elements (at least one) whose
///   gradient plus residual is largest in magnitude travels, in full precision; of
///   equal ones those that lie first in the arena; zeros never. The rest stays behind
///   as the block's residual and is added to its next gradient: error feedback (Stich
///   et al., "Sparsified SGD with Memory", NeurIPS 2018, algorithm 1; Lin et al., "Deep
///   Gradient Compression", ICLR 2018). Of a matrix with sparse rows, the elements are
///   those of the touched rows; the residual of other rows waits until they are
///   touched. Biases (tensors of one dimension) are a thousandth of a model and travel
///   whole. What arrives late arrives in large pieces: Adam's second moment should
///   forget sooner then, and steps may be larger (docs/performance.md).
///
/// To the bit: sent + residual = gradient + old residual, as float adds them.
///
/// Residuals belong to the number of a block and to a step. They take an arena per
/// block, in the process that computes it, and in every checkpoint.
class gradient_compressor {
public:
  /// For `num_blocks` blocks, with residuals of zero at step 0. `kind` is not none.
  gradient_compressor(const compression_options& options,
                      const core::parameter_layout& layout,
                      std::size_t num_blocks,
                      std::size_t threads);
  ~gradient_compressor();

  bool keeps_residuals() const {
    return options_.kind == compression_kind::top_k;
  }

  /// Compresses the gradient of a block at a step, which must be its residual's if it
  /// has one; the residual is that of the next step then. `out` views `gradient` in
  /// part. Throws `error` at another step, and where numbers are not finite: the
  /// residual is lost.
  void compress(std::uint64_t step,
                std::size_t block,
                const core::gradient& gradient,
                compressed_gradient& out);

  /// What a block has not sent, [layout.size()]. Only where residuals are kept.
  core::span<const float> residual(std::size_t block) const {
    return blocks_[block].residual;
  }

  /// The step whose gradient a block's residual waits for.
  std::uint64_t step(std::size_t block) const {
    return blocks_[block].step;
  }

  /// Brings a block's residual to what it was at a step; without numbers, to zero.
  void restore(std::size_t block, std::uint64_t step, core::span<const float> residual);

private:
  struct block_memory {
    std::uint64_t step = 0;
    core::parameter_arena residual;
  };

  class selection;

  /// Sends a matrix's largest elements and keeps the rest.
  void thin(const core::gradient& gradient,
            std::size_t number,
            block_memory& memory,
            compressed_gradient& out);

  compression_options options_;
  const core::parameter_layout* layout_;
  std::vector<block_memory> blocks_;
  std::unique_ptr<selection> selection_;
};

} // namespace souk::models
