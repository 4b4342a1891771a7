#pragma once

#include <cstddef>

namespace souk::models::kernels {

/// How the chains of a product begin and end in one stretch of its inputs.
struct chain_ends {
  bool go_on = false;          ///< from the sums of the stretch before, or from 0
  const float* bias = nullptr; ///< what is added at the end, [columns]; or null

  chain_ends from_column(std::size_t column) const {
    return {go_on, bias == nullptr ? nullptr : bias + column};
  }
};

} // namespace souk::models::kernels
