#pragma once

#include "core/error.hpp"

#include <cstdint>

namespace souk::benchmarks {

/// Throws `error` of the request if a flag's count is 0.
inline void refuse_zero(std::uint64_t count, const char* flag) {
  if (count == 0)
    throw core::error::request("0 is too few", flag, "use 1 or more");
}

} // namespace souk::benchmarks
