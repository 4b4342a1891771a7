#pragma once

#include "core/error.hpp"
#include "models/model_options.hpp"

#include <string>

namespace souk::benchmarks {

/// Returns the precision that --precision names. Throws `error` of the request.
inline models::precision precision_named(const std::string& name) {
  if (name == "fp32")
    return models::precision::fp32;
  if (name == "bf16")
    return models::precision::bf16;
  throw core::error::request("the precision \"" + name + "\" is unknown", "--precision",
                             "choose fp32 or bf16");
}

} // namespace souk::benchmarks
