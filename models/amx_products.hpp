#pragma once

#include "core/aligned_vector.hpp"
#include "models/block_products.hpp"
#include "models/kernels/amx_strips.hpp"

#include <vector>

namespace souk::models {

/// The products of a linear layer by AMX, their operands rounded to one bf16 or to two.
///
/// Every element is a chain (`kernels::multiply_strips`), so that blocks share all
/// products but those of weight gradients. Operands are packed anew with each product:
/// nothing is kept between them but scratch memory.
class amx_products : public block_products {
public:
  amx_products(kernels::worker_pool& pool,
               run_shape run,
               std::size_t inputs,
               std::size_t outputs,
               kernels::bf16_terms terms);

  void
  forward(kernels::matrix x, kernels::const_matrix weight, kernels::matrix y) override;

  void weight_gradient(kernels::matrix dy,
                       kernels::matrix x,
                       gradient_receiver& receiver) override;

  std::size_t outputs_received() const override {
    return kernels::strip_lines;
  }

  void backward(kernels::matrix dy,
                kernels::const_matrix weight,
                kernels::matrix dx) override;

private:
  void check(const kernels::matrix& inputs, const kernels::matrix& outputs) const;

  struct worker_room {
    core::aligned_buffer<kernels::bf16> strips; ///< of what only this worker reads
    core::aligned_buffer<float> sums;           ///< of subtrees of blocks
  };

  /// Sums blocks [first, first + count) of a strip of outputs and one of inputs.
  /// `right_sums` has room for the right subtrees below.
  void sum_blocks(const kernels::bf16* dy,
                  const kernels::bf16* x,
                  std::size_t first,
                  std::size_t count,
                  float* right_sums,
                  kernels::matrix out);

  kernels::worker_pool& pool_;
  run_shape run_;
  std::size_t inputs_;
  std::size_t outputs_;
  kernels::bf16_terms terms_;
  core::aligned_buffer<kernels::bf16> shared_; ///< strips that all workers read
  std::vector<worker_room> rooms_;             ///< by worker
};

} // namespace souk::models
