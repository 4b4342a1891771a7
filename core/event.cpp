#include "core/event.hpp"

namespace souk::core {

std::string to_string(event_kind kind) {
  switch (kind) {
  case event_kind::impression:
    return "impression";
  case event_kind::click:
    return "click";
  case event_kind::cart:
    return "cart";
  case event_kind::purchase:
    return "purchase";
  case event_kind::product_return:
    return "return";
  case event_kind::rating:
    return "rating";
  case event_kind::search:
    return "search";
  case event_kind::leave:
    return "leave";
  case event_kind::view:
    return "view";
  }
  return "unknown";
}

} // namespace souk::core
