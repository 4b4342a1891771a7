#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace souk::models::kernels {

/// An item with its score.
struct candidate {
  float score = 0;
  core::item_id item = core::no_item;
};

/// Whether `a` stands before `b` in a slate: higher score first, ties to the lower item
/// number.
constexpr bool ranks_before(const candidate& a, const candidate& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

/// Keeps the best `size` candidates of many, offered in any number of tiles.
///
/// What can no longer enter is turned away by one comparison, many at a time; the
/// others pile up until there are twice as many as places. The order is total, so the
/// outcome does not depend on how the items were cut into tiles. Scores of -infinity
/// and NaN never enter; -0 is kept as 0.
class top_k {
public:
  explicit top_k(std::size_t size);

  /// Offers items first_item, first_item + 1, ... with their scores. Tiles come in
  /// ascending order of items.
  void offer(core::item_id first_item, core::span<const float> scores);

  /// Offers what another selection kept.
  void offer(const top_k& other);

  /// Writes the slate, best first, filled up with `no_item` and -infinity: both parts
  /// are [size].
  void write(core::span<core::item_id> items, core::span<float> scores);

private:
  /// Finds what the first scores offered tell about a slate's last place.
  void raise_threshold(core::span<const float> scores);
  void prune();

  std::size_t size_;
  float threshold_;                 ///< a later item must score above it
  std::vector<std::uint64_t> keys_; ///< what is kept: a larger key ranks before
};

} // namespace souk::models::kernels
