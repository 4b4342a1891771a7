#pragma once

#include "core/aligned_vector.hpp"
#include "models/kernels/matrix.hpp"

#include <cstddef>

namespace souk::models::kernels {

/// Outputs of a fully connected layer are computed in panels of so many.
constexpr std::size_t panel_width = 64;

/// Transposes the weights of at most `panel_width` outputs, [outputs, inputs], into a
/// panel, [inputs, panel_width], that a product reads in one sweep; outputs that are
/// missing get zeros.
void pack_panel(const_matrix weights, float* panel);

/// The weights of a fully connected layer, packed once for many products, whose bits
/// are those of `chained_product`.
class packed_weights {
public:
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
