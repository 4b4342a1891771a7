#pragma once

#include "core/aligned_vector.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/learner.hpp"

#include <cstdint>
#include <vector>

namespace souk::models {

/// Mult-VAE and Mult-DAE (Liang et al., WWW 2018) with gradients derived by hand.
///
/// A user's row is normalised, dropped out and encoded by summing rows of the first
/// weight; softmax, likelihood and their gradient are one pass over the logits. The
/// objective per user is the multinomial negative log-likelihood plus, for Mult-VAE,
/// min(cap, step / anneal_steps) times the KL divergence from the prior.
class autoencoder_learner : public learner {
public:
  autoencoder_learner(const model_options& options,
                      std::uint32_t num_items,
                      std::uint32_t rows_per_block,
                      std::size_t threads);

  const core::parameter_layout& layout() const override {
    return shape_.layout();
  }

  void initialise(std::uint64_t seed, core::span<float> parameters) const override;

  std::vector<block_loss> accumulate(const training_step& step,
                                     const std::vector<training_block>& blocks,
                                     core::span<const float> parameters,
                                     core::gradient& out) override;

  core::snapshot to_snapshot(core::span<const float> parameters) const override;

private:
  /// A subtree's sum: dense tensors in full, and of the first weight the touched rows.
  struct partial_sum {
    core::span<float> values; ///< the arena; what is not touched is never read
    std::vector<std::uint32_t>* touched;
  };

  struct scratch_sum {
    core::parameter_arena values;
    std::vector<std::uint32_t> touched;
  };

  /// What a run of blocks is computed from.
  struct work {
    const training_step& step;
    core::span<const training_block> blocks;
    core::span<const float> parameters;
    core::span<block_loss> losses;
  };

  void sum_subtree(const work& run, partial_sum out);
  void add(const scratch_sum& right, partial_sum left);
  block_loss compute_block(const work& block, partial_sum out);

  // The passes of one block, in their order.
  void drop_inputs(const work& block);
  void encode(core::span<const float> parameters);
  void draw_codes(const work& block);
  void decode(core::span<const float> parameters);
  void compare_with_rows(const work& block);
  void differentiate_decoder(core::span<const float> parameters, partial_sum out);
  void differentiate_codes(const work& block);
  void differentiate_encoder(core::span<const float> parameters, partial_sum out);
  void differentiate_first_layer(partial_sum out);
  void transpose_inputs();

  kernels::matrix outputs_of(std::size_t layer);
  kernels::matrix gradients_of(std::size_t layer);
  kernels::matrix codes();
  kernels::matrix code_gradients();
  void apply_layer(std::size_t layer,
                   kernels::const_matrix inputs,
                   core::span<const float> parameters);
  void finish_layer(std::size_t layer, core::span<const float> parameters);
  void
  differentiate_layer(std::size_t layer, kernels::const_matrix inputs, partial_sum out);
  void sum_bias_gradient(std::size_t layer, partial_sum out);

  float divergence_weight(std::uint64_t step) const;

  model_options options_;
  autoencoder_shape shape_;
  std::size_t rows_;
  kernels::worker_pool pool_;

  // Scratch memory: allocated once, never read before it is written.
  struct sparse_inputs {
    std::vector<std::uint64_t> begins; ///< [rows]
    std::vector<std::uint32_t> counts; ///< [rows]
    std::vector<core::item_id> items;
    core::aligned_vector<float> values;
  };

  struct transposed_inputs {
    std::vector<std::uint64_t> offsets; ///< [touched + 1]
    std::vector<std::uint32_t> rows;
    std::vector<float> values;
    std::vector<std::uint32_t> place_of_item; ///< [num_items]
  };

  sparse_inputs inputs_;
  transposed_inputs transposed_;
  std::vector<core::aligned_vector<float>> outputs_;   ///< by layer, [rows, outputs]
  std::vector<core::aligned_vector<float>> gradients_; ///< by layer but the last
  core::aligned_vector<float> codes_, noise_, deviations_, code_gradients_;
  std::vector<double> likelihoods_, divergences_; ///< [rows]
  std::vector<scratch_sum> right_halves_;         ///< by depth of the tree
};

} // namespace souk::models
