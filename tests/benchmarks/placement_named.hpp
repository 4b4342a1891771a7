#pragma once

#include "actors/options.hpp"
#include "core/error.hpp"

#include <string>

namespace souk::benchmarks {

/// Returns the placement that a flag names. Throws `error` of the request.
inline actors::placement_kind placement_named(const std::string& name,
                                              const char* flag) {
  if (name == "by_range")
    return actors::placement_kind::by_range;
  if (name == "by_item")
    return actors::placement_kind::by_item;
  throw core::error::request("the placement \"" + name + "\" is unknown", flag,
                             "choose by_range or by_item");
}

} // namespace souk::benchmarks
