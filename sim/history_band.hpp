#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace souk::sim {

/// How many items the shop knew a user to have opened when it showed a slate, as slates
/// are counted by: at least `history_bounds` of it and fewer than the next. A byte,
/// since it stays with what comes of the slate until that has happened.
enum class history_band : std::uint8_t {
  none = 255, ///< came of no slate
};

constexpr std::array<std::uint32_t, 6> history_bounds{0, 1, 2, 3, 5, 10};

constexpr history_band history_band_of(std::size_t known_items) {
  auto band = history_bounds.size() - 1;
  while (known_items < history_bounds[band])
    --band;
  return static_cast<history_band>(band);
}

} // namespace souk::sim
