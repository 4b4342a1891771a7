#pragma once

#include "core/aligned_vector.hpp"
#include "core/snapshot.hpp"
#include "models/kernels/packed_weights.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <vector>

namespace souk::models {

/// Scores items by the logits of a Mult-VAE (whose code is the posterior's mean, unless
/// the request wants a draw) or a Mult-DAE.
class autoencoder_scorer : public scorer {
public:
  /// Throws `error` if the snapshot is not whole: a tensor is missing, has another
  /// shape, or holds numbers that are not finite.
  explicit autoencoder_scorer(core::snapshot model);

  std::size_t num_items() const override {
    return first_.weights.rows;
  }

  bool has_posterior() const override {
    return variational_;
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

private:
  /// The layer that items enter: a user's events select its rows.
  struct sparse_layer {
    core::aligned_vector<float> values;           ///< [items, outputs in the snapshot]
    kernels::const_matrix weights{nullptr, 0, 0}; ///< outputs in use
    core::aligned_vector<float> bias;
    bool has_tanh = false;

    /// Writes the outputs for each user, [rows, outputs].
    void apply(const request_rows& rows, kernels::matrix out) const;
  };

  struct dense_layer {
    kernels::packed_weights weights;
    core::aligned_vector<float> bias;
    bool has_tanh = false;

    /// Writes outputs first_output, first_output + 1, ... for each row.
    void apply(kernels::const_matrix rows,
               std::size_t first_output,
               kernels::matrix out) const;
  };

  /// Replaces codes, which are means, by draws; `inputs` are those of the code's layer.
  void draw_codes(const request_rows& rows,
                  kernels::const_matrix inputs,
                  kernels::matrix codes) const;

  bool variational_ = false;
  std::size_t code_ = 0; ///< number of the layer whose outputs are the code
  sparse_layer first_;
  std::vector<dense_layer> others_;
  // Log-variances of the code, if there are any, from the same inputs as its means.
  sparse_layer sparse_variances_; ///< where the code's is the first layer
  dense_layer dense_variances_;   ///< else

  friend class prepared_codes;
};

} // namespace souk::models
