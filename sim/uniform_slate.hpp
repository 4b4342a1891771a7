#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace souk::sim {

/// Fills a slate with different candidates, all orders equally likely, by drawing until
/// each place has a new one: quick where candidates are many. Fills `candidates.size()`
/// places at most. `below(index, bound)` returns bounded integer number `index` of the
/// row's site; indices are used from 0 upwards.
template <class Below>
void draw_uniform_slate(core::span<const core::item_id> candidates,
                        Below below,
                        core::span<core::item_id> slate) {
  const auto places = std::min(slate.size(), candidates.size());
  std::uint32_t draws = 0;
  for (std::size_t filled = 0; filled < places;) {
    const auto item = candidates[static_cast<std::size_t>(
      below(draws++, static_cast<std::uint64_t>(candidates.size())))];
    if (std::find(slate.begin(), slate.begin() + filled, item)
        == slate.begin() + filled)
      slate[filled++] = item;
  }
}

} // namespace souk::sim
