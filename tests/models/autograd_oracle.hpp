#pragma once

#include <cstddef>
#include <vector>

namespace souk::models::testing {

/// One batch through a Mult-VAE or Mult-DAE, with all its draws made.
struct oracle_batch {
  bool variational = true;
  std::vector<std::size_t> encoder; ///< widths, from items to the code's size
  std::vector<std::size_t> decoder; ///< widths, from the code's size to items
  std::size_t rows = 0;
  std::vector<float> inputs;  ///< [rows, items], after normalisation and dropout
  std::vector<float> targets; ///< [rows, items], zeros and ones
  std::vector<float> noise;   ///< [rows, latent]
  double divergence_weight = 0;
  double batch_users = 1;
  /// Weight and bias of each layer in turn, as in `autoencoder_shape`.
  std::vector<std::vector<float>> parameters;
};

struct oracle_result {
  std::vector<std::vector<double>> gradients; ///< parallel to the parameters
  double negative_log_likelihood = 0;         ///< summed over rows
  double divergence = 0;
};

/// Differentiates the objective as LibTorch's autograd does, in double precision.
oracle_result differentiate(const oracle_batch& batch);

} // namespace souk::models::testing
