#include "models/item_partition.hpp"

#include "core/error.hpp"

namespace souk::models {

item_partition::item_partition(const autoencoder_shape& shape, std::uint32_t num_ranges)
  : shape_{shape}, num_ranges_{num_ranges} {
  constexpr auto where = "training.placement.ranges";
  if (num_ranges == 0 || (num_ranges & (num_ranges - 1)) != 0)
    throw core::error::request("is no power of two", where, "use 1, 2, 4, ...");
  if (num_ranges > shape_.num_items())
    throw core::error::request("there are only " + std::to_string(shape_.num_items())
                                 + " items",
                               where, "use at most as many ranges");
}

item_range item_partition::items_of(std::uint32_t first, std::uint32_t count) const {
  const auto boundary = [&](std::uint64_t range) {
    return static_cast<core::item_id>(shape_.num_items() * range / num_ranges_);
  };
  return {boundary(first), boundary(first + count)};
}

core::arena_part item_partition::part_of(std::uint32_t first,
                                         std::uint32_t count) const {
  const auto items = items_of(first, count);
  const auto is_last = first + count == num_ranges_;
  const auto& layout = shape_.layout();
  const auto rows_of = [&](std::size_t tensor) {
    const auto& spec = layout[tensor];
    // What pads a tensor is its last range's.
    const auto end =
      tensor + 1 < layout.tensors().size() ? layout[tensor + 1].offset : layout.size();
    return core::arena_range{spec.offset + items.begin * spec.row_size(),
                             is_last ? end : spec.offset + items.end * spec.row_size()};
  };
  return {rows_of(shape_.layers().front().weight),
          rows_of(shape_.layers().back().weight), rows_of(shape_.layers().back().bias)};
}

} // namespace souk::models
