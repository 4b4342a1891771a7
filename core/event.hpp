#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <string>

namespace souk::core {

/// What happened, in recorded data and in simulations alike. The numbers are stored in
/// files: append only.
enum class event_kind : std::uint8_t {
  impression = 0, ///< an item was shown
  click = 1,      ///< it was opened (a product page view)
  cart = 2,
  purchase = 3,
  product_return = 4, ///< written "return" in files and reports
  rating = 5,
  search = 6,
  leave = 7, ///< the end of a session
  view = 8,  ///< a product's page was opened, from no slate (an organic view)
};

constexpr std::size_t num_event_kinds = 9;

/// Returns the name that files and reports use.
std::string to_string(event_kind kind);

/// One recorded event of a user with an item.
struct event {
  user_id user = no_user;
  item_id item = no_item;
  time_ms time = 0; ///< 0 throughout where the source has no times
  float value = 1;  ///< stars of a rating, units of a purchase or return, else 1
  float price = 0;  ///< per unit, in the source's currency; 0 where unknown
  event_kind kind = event_kind::click;
};

} // namespace souk::core
