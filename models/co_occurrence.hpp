#pragma once

#include "core/interactions.hpp"
#include "core/span.hpp"

#include <cstdint>

namespace souk::models {

/// Counts how many users have two items, one row of the matrix at a time.
class co_occurrence {
public:
  /// Keeps a reference to the rows.
  explicit co_occurrence(const core::interactions& users);

  /// Adds to counts[j] the number of users who have both `item` and j, for all j up to
  /// and including `last`. `Count` is float (exact below 2^24) or an integer.
  template <class Count>
  void add_row(core::item_id item, core::item_id last, Count* counts) const {
    for (const auto user : users_of(item))
      for (const auto other : users_.row(user)) {
        if (other > last)
          break;
        ++counts[other];
      }
  }

  /// The users who have an item, ascending.
  core::span<const std::uint32_t> users_of(core::item_id item) const {
    return {rows_.data() + offsets_[item], offsets_[item + 1] - offsets_[item]};
  }

private:
  const core::interactions& users_;
  std::vector<std::uint64_t> offsets_; ///< [num_items + 1]
  std::vector<std::uint32_t> rows_;    ///< users of all items, one after another
};

} // namespace souk::models
