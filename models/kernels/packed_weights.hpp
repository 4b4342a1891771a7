#pragma once

#include "core/aligned_vector.hpp"
#include "models/kernels/matrix.hpp"

#include <cstddef>

namespace souk::models::kernels {

/// The weights of a fully connected layer, laid out once for many products: panels of
/// `panel_width` outputs, each [inputs, panel_width], so that a product reads them in
/// one sweep.
///
/// Each element of a product is one chain of fused multiply-adds over the inputs in
/// ascending order. Its bits therefore depend neither on the rows beside it nor on how
/// the outputs were cut into tiles, and a user alone gets the scores of a batch.
class packed_weights {
public:
  static constexpr std::size_t panel_width = 64;

  /// So many rows at a time stay in registers.
  static constexpr std::size_t rows_at_a_time = 6;

  packed_weights() = default;

  /// Copies weights, [outputs, inputs].
  explicit packed_weights(const_matrix weights);

  std::size_t inputs() const {
    return inputs_;
  }

  std::size_t outputs() const {
    return outputs_;
  }

  /// Writes outputs first_output, first_output + 1, ... of some rows, [rows, inputs],
  /// into `out`, [rows, outputs wanted]; first_output is a multiple of `panel_width`.
  void apply(const_matrix rows, std::size_t first_output, matrix out) const;

private:
  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  core::aligned_buffer<float> panels_; ///< [panels, inputs, panel_width]
};

} // namespace souk::models::kernels
