#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace souk::actors {

/// What happens to a range of the parameters, in the order in which it takes effect.
struct range_event {
  enum class kind : std::uint8_t {
    read,  ///< the parameters that a gradient is computed from were taken
    apply, ///< what was computed changed the parameters
  };

  kind what = kind::read;
  std::uint64_t turn = 0; ///< whose gradient, by its number (see `clocks`)

  friend bool operator==(const range_event& a, const range_event& b) {
    return a.what == b.what && a.turn == b.turn;
  }
};

/// The events of a range, one after another. The version that a gradient read follows:
/// the number of gradients applied before.
using range_order = std::vector<range_event>;

/// As messages hold it: a word an event.
std::vector<std::uint64_t> packed(const range_order& order);
range_order unpacked(const std::vector<std::uint64_t>& words);

/// Whether each turn of [first, last), and no other, is read once and applied once, in
/// this order.
bool is_complete(const range_order& order, std::uint64_t first, std::uint64_t last);

/// How many gradients read parameters that so many others changed before they were
/// applied themselves: counts by staleness. `order` is complete.
std::map<std::uint64_t, std::uint64_t> staleness_in(const range_order& order);

} // namespace souk::actors
