#pragma once

#include "core/ids.hpp"
#include "core/parameter_layout.hpp"
#include "models/autoencoder_shape.hpp"

#include <cstdint>

namespace souk::models {

/// Consecutive items [begin, end).
struct item_range {
  core::item_id begin = 0;
  core::item_id end = 0;

  std::size_t size() const {
    return end - begin;
  }
};

/// How `training.placement: by_item` cuts a catalogue: into a fixed, even number of
/// ranges of items, whose parameters (rows of the first and of the last weight, and of
/// the last bias) belong together. Sums over items go along a binary tree over ranges.
///
/// The parts of all ranges and the middle tile the arena, the padding between tensors
/// included.
class item_partition {
public:
  /// Throws `error` of the request unless there are a power of two of ranges, and no
  /// more than items.
  item_partition(const autoencoder_shape& shape, std::uint32_t num_ranges);

  std::uint32_t num_ranges() const {
    return num_ranges_;
  }

  /// The items of ranges [first, first + count).
  item_range items_of(std::uint32_t first, std::uint32_t count) const;

  /// Their parameters: of the first weight, of the last one, of the last bias.
  core::arena_part part_of(std::uint32_t first, std::uint32_t count) const;

private:
  autoencoder_shape shape_;
  std::uint32_t num_ranges_;
};

} // namespace souk::models
