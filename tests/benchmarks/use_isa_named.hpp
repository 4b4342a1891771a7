#pragma once

#include "core/error.hpp"
#include "core/platform.hpp"
#include "models/model.hpp"

#include <string>

namespace souk::benchmarks {

/// Settles on what --isa names, as `math.isa` of an experiment does; auto: nothing yet.
/// Throws `error` of the request.
inline void use_isa_named(const std::string& name) {
  if (name == "auto")
    return;
  const auto wanted = core::isa_named(name);
  if (!wanted)
    throw core::error::request("the instruction set \"" + name + "\" is unknown",
                               "--isa", "choose auto, sse4, avx2, avx512 or amx");
  models::use_isa(*wanted);
}

} // namespace souk::benchmarks
