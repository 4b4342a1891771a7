#pragma once

#include "core/error.hpp"
#include "models/precision.hpp"

#include <vector>

namespace souk::models::testing {

/// What this processor, under the instruction set of these tests, computes in. (CTest
/// runs them all with AMX too, where there is one.)
inline std::vector<precision> precisions() {
  std::vector<precision> all;
  for (const auto each : {precision::fp32, precision::bf16, precision::bf16x3})
    try {
      check_precision(each);
      all.push_back(each);
    } catch (const core::error&) {
      // It does not.
    }
  return all;
}

} // namespace souk::models::testing
