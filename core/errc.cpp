#include "core/errc.hpp"

namespace souk::core {

std::string to_string(errc code) {
  switch (code) {
  case errc::none:
    return "none";
  case errc::stale_gradient:
    return "stale_gradient";
  case errc::shape_mismatch:
    return "shape_mismatch";
  case errc::unknown_ticket:
    return "unknown_ticket";
  case errc::corrupt_payload:
    return "corrupt_payload";
  case errc::too_large:
    return "too_large";
  case errc::old_generation:
    return "old_generation";
  case errc::incompatible_node:
    return "incompatible_node";
  case errc::not_ready:
    return "not_ready";
  case errc::failed:
    return "failed";
  }
  return "unknown";
}

} // namespace souk::core
