#pragma once

#include "core/aligned_vector.hpp"
#include "core/gradient.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/block_products.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/learner.hpp"

#include <memory>
#include <vector>

namespace souk::models {

/// All of an autoencoder that does not grow with the catalogue: from the sums of the
/// first layer, [rows, its width], to the inputs of the last one, and back.
///
/// Its parameters are one range of the arena: everything but the first weight, the last
/// one and the last bias. Rows go through all layers together; products leave it to
/// `block_products` what blocks may share.
///
/// A step is `encode`, `draw_codes`, `decode`, then, when `hidden_gradients` are
/// filled, `differentiate_decoder`, `differentiate_encoder`.
class autoencoder_middle {
public:
  autoencoder_middle(const model_options& options,
                     const autoencoder_shape& shape,
                     run_shape run,
                     kernels::worker_pool& pool);

  /// What a step is computed from; `parameters` are those of `range_of(shape)`.
  struct work {
    const training_step& step;
    core::span<const batch_row> rows;
    core::span<const float> parameters;
  };

  /// Where its gradient goes: a gradient whose tensor 0 is the model's `first_tensor`.
  struct destination {
    core::gradient& out;
    std::size_t first_tensor;
  };

  /// Where the parameters lie in the arena, and the number of the first tensor there.
  static core::arena_range range_of(const autoencoder_shape& shape);
  static std::size_t first_tensor_of(const autoencoder_shape& shape);

  /// The layout of its parameters alone: the same tensors, `range_of(shape).begin`
  /// earlier.
  static core::parameter_layout layout_of(const autoencoder_shape& shape);

  /// To be filled before `encode` with the first layer's sums, without bias.
  kernels::matrix first_layer() {
    return outputs_of(0);
  }

  void encode(const work& now);
  void draw_codes(const work& now);
  void decode(const work& now);

  /// What the last layer sees after `decode`: [rows, its inputs].
  kernels::matrix hidden() {
    return inputs_of(last_layer());
  }

  /// To be filled before `differentiate_decoder`: the gradient by `hidden`.
  kernels::matrix hidden_gradients() {
    return input_gradients_of(last_layer());
  }

  void differentiate_decoder(const work& now, const destination& to);
  void differentiate_encoder(const work& now, const destination& to);

  /// After `differentiate_encoder`: the gradient by the first layer's sums.
  kernels::matrix first_layer_gradients() {
    return gradients_of(0);
  }

  /// Of the last step, by row: KL from the prior in nats; 0 without a posterior.
  core::span<const double> divergences() const {
    return divergences_;
  }

private:
  std::size_t last_layer() const {
    return shape_.layers().size() - 1;
  }

  kernels::matrix rows_in(const core::aligned_buffer<float>& values,
                          std::size_t columns) const;
  kernels::matrix outputs_of(std::size_t layer);
  kernels::matrix gradients_of(std::size_t layer);
  kernels::matrix codes();
  kernels::matrix code_gradients();

  /// Of a layer behind the code's.
  kernels::matrix inputs_of(std::size_t layer);
  kernels::matrix input_gradients_of(std::size_t layer);

  kernels::const_matrix weight_of(std::size_t layer, const work& now) const;
  core::span<const float> bias_of(std::size_t layer, const work& now) const;

  block_products& products_of(std::size_t layer) {
    return *products_[layer - 1];
  }

  void apply_layer(std::size_t layer, kernels::matrix inputs, const work& now);
  void finish_layer(std::size_t layer, const work& now);
  void
  differentiate_layer(std::size_t layer, kernels::matrix inputs, const destination& to);
  void differentiate_codes(const work& now);
  void pass_tanh(kernels::const_matrix outputs, kernels::matrix gradients);
  float divergence_weight(std::uint64_t step) const;

  model_options options_;
  autoencoder_shape shape_;
  run_shape run_;
  kernels::worker_pool& pool_;
  core::arena_range range_;
  std::vector<std::unique_ptr<block_products>> products_; ///< by layer from the second

  // Scratch memory: allocated once, never read before it is written. By layer but the
  // last, [rows, outputs].
  std::vector<core::aligned_buffer<float>> outputs_, gradients_;
  core::aligned_buffer<float> codes_, noise_, deviations_, code_gradients_;
  std::vector<double> divergences_; ///< [rows]
};

/// Calls body(row) for rows 0, 1, ..., shared among threads.
template <class Body>
void for_rows(kernels::worker_pool& pool, std::size_t rows, const Body& body) {
  // Small enough to share among threads, big enough to be worth a call.
  constexpr std::size_t rows_per_job = 4;
  const kernels::tiling jobs{rows, rows_per_job};
  pool.parallel_for(jobs.count(), [&](std::size_t job) {
    for (auto row = jobs.begin(job); row < jobs.end(job); ++row)
      body(row);
  });
}

} // namespace souk::models
