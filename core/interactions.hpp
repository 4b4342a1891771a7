#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <vector>

namespace souk::core {

/// Who interacted with what: one row of items per user, in compressed sparse row form.
///
/// Items ascend strictly within a row. `times` is parallel to `items` (the first time
/// of each) or empty where the source has none.
struct interactions {
  std::uint32_t num_items = 0; ///< columns; every item is below it
  std::vector<std::uint64_t> offsets{0};
  std::vector<item_id> items;
  std::vector<time_ms> times;

  std::size_t num_rows() const {
    return offsets.size() - 1;
  }

  span<const item_id> row(std::size_t index) const;

  /// Returns the times of a row, or nothing where times are unknown.
  span<const time_ms> times_of_row(std::size_t index) const;

  /// Appends a row; `row_times` must be given always or never.
  void append_row(span<const item_id> row_items, span<const time_ms> row_times = {});
};

/// Rows of some users: row `i` is that of `users[i]`, and users ascend.
struct user_rows {
  std::vector<user_id> users;
  interactions rows;
};

/// Whether two have the same users and the same items of the same catalogue.
bool same_rows(const user_rows& a, const user_rows& b);

/// Returns the given rows, in that order.
interactions select_rows(const interactions& all, span<const std::uint32_t> rows);

/// Counts the rows in which each item occurs: [num_items].
std::vector<std::uint32_t> count_by_item(const interactions& all);

} // namespace souk::core
