#pragma once

#include "core/aligned_vector.hpp"
#include "models/autoencoder_middle.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/block_products.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/learner.hpp"
#include "models/sparse_inputs.hpp"

#include <cstdint>
#include <vector>

namespace souk::models {

/// Mult-VAE and Mult-DAE (Liang et al., WWW 2018) with gradients derived by hand.
///
/// A user's row is normalised, dropped out and encoded by summing rows of the first
/// weight; softmax, likelihood and their gradient are one pass over the logits. The
/// objective per user is the multinomial negative log-likelihood plus, for Mult-VAE,
/// min(cap, step / anneal_steps) times the KL divergence from the prior.
///
/// All rows of the run go through a layer together: what is done row by row does not
/// know of blocks, and products leave it to `block_products` what blocks may share.
class autoencoder_learner : public learner {
public:
  autoencoder_learner(const model_options& options,
                      std::uint32_t num_items,
                      const learner_options& run);

  const core::parameter_layout& layout() const override {
    return shape_.layout();
  }

  void accumulate(const training_step& step,
                  core::span<const training_block> blocks,
                  core::span<const float> parameters,
                  core::gradient& out,
                  core::span<block_loss> losses) override;

  core::span<const phase_time> phases() const override {
    return clock_.times();
  }

private:
  /// What the passes of a step are computed from.
  struct work {
    const training_step& step;
    core::span<const float> parameters;
    core::gradient& out;
  };

  void check(const training_step& step,
             core::span<const training_block> blocks,
             core::span<const float> parameters,
             core::span<block_loss> losses) const;
  void take_rows(core::span<const training_block> blocks);
  void write_losses(core::span<block_loss> losses) const;

  // The passes of a step, in their order; the middle's come between.
  void drop_inputs(const work& now);
  void sum_inputs(const work& now);
  void make_logits(const work& now);
  void compare_with_rows(const work& now);
  void differentiate_logits(const work& now);
  void differentiate_inputs(const work& now);

  kernels::matrix logits();

  double dropout_;
  autoencoder_shape shape_;
  run_shape run_;
  kernels::worker_pool pool_;
  autoencoder_middle middle_;
  std::unique_ptr<block_products> last_products_;

  phase_clock<7> clock_;

  // Scratch memory: allocated once, never read before it is written.
  std::vector<batch_row> rows_;
  sparse_inputs inputs_;
  core::aligned_buffer<float> logits_; ///< [rows, num_items]
  std::vector<double> likelihoods_;    ///< [rows]
};

} // namespace souk::models
