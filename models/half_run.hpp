#pragma once

#include "models/kernels/bf16.hpp"

#include <cstdint>
#include <vector>

namespace souk::models {

/// A run of a gradient (`core::gradient_run`) whose numbers are halves.
struct half_run {
  std::uint64_t offset = 0; ///< in the arena
  std::uint64_t length = 0; ///< in numbers
  const kernels::bf16* values = nullptr;
};

/// Ascending, disjoint runs.
using half_slice = std::vector<half_run>;

} // namespace souk::models
