#pragma once

#include "models/kernels/bf16.hpp"

#include <cstdint>
#include <vector>

namespace souk::models {

/// A run of a gradient (`core::gradient_run`) whose numbers are bf16.
struct bf16_run {
  std::uint64_t offset = 0; ///< in the arena
  std::uint64_t length = 0; ///< in numbers
  const kernels::bf16* values = nullptr;
};

/// Ascending, disjoint runs.
using bf16_slice = std::vector<bf16_run>;

} // namespace souk::models
