#pragma once

#include "core/aligned_vector.hpp"
#include "core/span.hpp"
#include "models/kernels/matrix.hpp"

#include <cstddef>

namespace souk::models::kernels {

/// Outputs of a fully connected layer are computed in panels of so many.
constexpr std::size_t panel_width = 64;

/// Transposes the weights of at most `panel_width` outputs, [outputs, inputs], into a
/// panel, [inputs, panel_width], that a product reads in one sweep; outputs that are
/// missing get zeros.
void pack_panel(const_matrix weights, float* panel);

/// A fully connected layer, whose weights are packed once for many products; bits are
/// those of `chained_product`.
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
  /// into `out`, [rows, outputs wanted], with the bias of all outputs added, or nothing
  /// where there is none; first_output is a multiple of `panel_width`.
  void apply(const_matrix rows,
             core::span<const float> bias,
             std::size_t first_output,
             matrix out) const;

private:
  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  core::aligned_buffer<float> panels_; ///< [panels, inputs, panel_width]
};

} // namespace souk::models::kernels
