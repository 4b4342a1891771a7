#pragma once

#include "core/error.hpp"
#include "models/precision.hpp"

#include <string>

namespace souk::benchmarks {

/// Returns the precision that --precision names. Throws `error` of the request.
inline models::precision precision_named(const std::string& name) {
  if (const auto known = models::precision_named(name))
    return *known;
  throw core::error::request("the precision \"" + name + "\" is unknown", "--precision",
                             "choose fp32, bf16 or bf16x3");
}

} // namespace souk::benchmarks
