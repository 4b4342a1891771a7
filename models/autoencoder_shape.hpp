#pragma once

#include "core/parameter_layout.hpp"
#include "core/snapshot.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::models {

/// One layer of an autoencoder and where its tensors stand in the layout.
struct autoencoder_layer {
  std::size_t weight = 0; ///< [inputs, outputs] for the first layer, else transposed
  std::size_t bias = 0;   ///< [outputs]
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  bool has_tanh = false; ///< else the layer is linear
};

/// The layers of a Mult-VAE or a Mult-DAE (Liang et al., WWW 2018, section 2), from
/// items through the latent code back to items.
///
/// The first weight is [num_items, width] with sparse rows: a block touches only the
/// rows of its users' items. All others are [outputs, inputs], so that the last one too
/// has a row per item. Mult-VAE's encoder ends in means and log-variances,
/// [2 * latent], and is linear there; Mult-DAE's ends in a tanh, as in the paper's
/// code.
class autoencoder_shape {
public:
  /// Throws `error` of the request for options that make no model.
  autoencoder_shape(const model_options& options, std::uint32_t num_items);

  bool is_variational() const {
    return variational_;
  }

  std::size_t num_items() const {
    return layers_.front().inputs;
  }

  std::size_t latent() const {
    return latent_;
  }

  const std::vector<autoencoder_layer>& layers() const {
    return layers_;
  }

  /// The number of layers before the code.
  std::size_t num_encoder_layers() const {
    return layers_.size() / 2;
  }

  const core::parameter_layout& layout() const {
    return layout_;
  }

private:
  void add_layers(const std::string& part,
                  const std::vector<std::size_t>& widths,
                  bool last_has_tanh);

  bool variational_;
  std::size_t latent_;
  std::vector<autoencoder_layer> layers_;
  core::parameter_layout layout_;
};

/// Copies parameters into a snapshot of this model.
core::snapshot to_snapshot(const model_options& options,
                           const autoencoder_shape& shape,
                           core::span<const float> parameters);

/// Returns the options that a snapshot was made with, as far as its shape goes. Throws
/// `error` if it is not whole.
model_options shape_options_of(const core::snapshot& model);

} // namespace souk::models
