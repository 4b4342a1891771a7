#pragma once

#include "core/snapshot.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <vector>

namespace souk::models {

/// Scores items by the logits of a Mult-VAE (whose code is the posterior's mean) or a
/// Mult-DAE.
///
/// Rows of a product may have other bits in other shapes, so batches are padded to one
/// fixed shape, and to a smaller one for a few users only where a probe at this model's
/// own shapes found the same bits in both.
class autoencoder_scorer : public scorer {
public:
  /// Throws `error` if the snapshot is not whole: a tensor is missing, has another
  /// shape, or holds numbers that are not finite.
  explicit autoencoder_scorer(core::snapshot model);

  std::size_t num_items() const override {
    return shape_.num_items();
  }

  std::size_t padded_rows(std::size_t rows) const override;

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

private:
  bool small_batches_have_equal_bits() const;
  core::aligned_vector<float> encode(const request_rows& rows) const;
  core::aligned_vector<float> layer_outputs(std::size_t layer,
                                            const core::aligned_vector<float>& inputs,
                                            std::size_t rows) const;
  kernels::const_matrix weight(std::size_t layer) const;
  kernels::const_matrix inputs_of(std::size_t layer,
                                  const core::aligned_vector<float>& outputs_before,
                                  std::size_t rows) const;
  core::span<const float> bias(std::size_t layer) const;
  void finish_layer(std::size_t layer, kernels::matrix outputs) const;

  core::snapshot model_;
  autoencoder_shape shape_;
  std::vector<const core::named_tensor*> tensors_; ///< by number in the layout
  bool small_batches_ = false;

  friend class prepared_codes;
};

} // namespace souk::models
