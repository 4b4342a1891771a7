#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// A list of items per user, each ascending and without repeats, all in one pool.
///
/// A user without any costs 8 bytes. Items take two bytes each where the catalogue lets
/// them, else four, and a list leaves less than half of its room unused: what a million
/// users remember has to fit beside what they are.
class item_lists {
public:
  item_lists(std::size_t num_users, std::uint32_t num_items);

  std::size_t size(std::size_t user) const {
    return places_[user].size;
  }

  bool empty(std::size_t user) const {
    return size(user) == 0;
  }

  /// Returns item number `index` of a user's list.
  core::item_id item(std::size_t user, std::size_t index) const {
    return read(places_[user].first + index);
  }

  /// Adds an item, unless it is there.
  void insert(std::size_t user, core::item_id item);

  /// Appends a user's list to `out`.
  void append_to(std::vector<core::item_id>& out, std::size_t user) const;

  std::size_t memory_bytes() const;

private:
  /// Room for `size` items, rounded up to a power of two, from `first` on.
  struct place {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
  };

  core::item_id read(std::size_t index) const {
    return narrow_ ? short_pool_[index] : pool_[index];
  }

  void write(std::size_t index, core::item_id item) {
    if (narrow_)
      short_pool_[index] = static_cast<std::uint16_t>(item);
    else
      pool_[index] = item;
  }

  /// Moves a full list to a place of twice the room.
  void grow(place& list);

  /// Returns the start of a free place of 2^`power` items.
  std::uint32_t take_place(std::size_t power);

  bool narrow_;
  std::vector<place> places_; ///< [num_users]
  std::vector<core::item_id> pool_;
  std::vector<std::uint16_t> short_pool_; ///< instead, where numbers of items fit
  std::vector<std::vector<std::uint32_t>> free_; ///< starts of places, by power of two
};

} // namespace souk::sim
