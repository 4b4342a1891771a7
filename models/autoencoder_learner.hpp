#pragma once

#include "core/aligned_vector.hpp"
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
  /// A user of the run; padding has no items.
  struct run_row {
    core::user_id user = core::no_user;
    core::span<const core::item_id> items;
  };

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

  // The passes of a step, in their order.
  void drop_inputs(const work& now);
  void encode(const work& now);
  void draw_codes(const work& now);
  void decode(const work& now);
  void compare_with_rows(const work& now);
  void differentiate_decoder(const work& now);
  void differentiate_codes(const work& now);
  void differentiate_encoder(const work& now);

  kernels::matrix outputs_of(std::size_t layer);
  kernels::matrix gradients_of(std::size_t layer);
  kernels::matrix codes();
  kernels::matrix code_gradients();

  block_products& products_of(std::size_t layer) {
    return *products_[layer - 1];
  }

  void apply_layer(std::size_t layer, kernels::matrix inputs, const work& now);
  void finish_layer(std::size_t layer, const work& now);
  void differentiate_layer(std::size_t layer, kernels::matrix inputs, const work& now);

  void pass_tanh(kernels::const_matrix outputs, kernels::matrix gradients);

  /// Calls body(row) for all rows of the run, shared among threads.
  template <class Body>
  void for_rows(const Body& body);

  float divergence_weight(std::uint64_t step) const;

  model_options options_;
  autoencoder_shape shape_;
  run_shape run_;
  kernels::worker_pool pool_;
  std::vector<std::unique_ptr<block_products>> products_; ///< by layer from the second

  phase_clock<7> clock_;

  // Scratch memory: allocated once, never read before it is written.
  std::vector<run_row> rows_;
  sparse_inputs inputs_;
  std::vector<core::aligned_buffer<float>> outputs_;   ///< by layer, [rows, outputs]
  std::vector<core::aligned_buffer<float>> gradients_; ///< by layer but the last
  core::aligned_buffer<float> codes_, noise_, deviations_, code_gradients_;
  std::vector<double> likelihoods_, divergences_; ///< [rows]
};

} // namespace souk::models
