#pragma once

#include "core/dataset.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace souk::data {

/// An item of a user's row, and when it was met first.
struct met_item {
  core::item_id item = core::no_item;
  core::time_ms time = 0;
  std::uint32_t place = 0; ///< of that event among the user's: orders equal times
};

/// Distinct items, ascending.
using item_row = std::vector<met_item>;

/// Returns each user's row over the positive events for which `counts` holds: [users].
/// An empty `counts` holds for all.
std::vector<item_row>
rows_of(const core::dataset& dataset,
        const std::vector<core::event_kind>& positives,
        const std::function<bool(std::size_t event)>& counts = {});

/// Makes a split out of rows. Its columns are the items of the training rows.
class split_builder {
public:
  /// `training[u]` is the training row of the dataset's user u: empty rows are left
  /// out.
  split_builder(const core::dataset& dataset, const std::vector<item_row>& training);

  /// Returns the row without items that are no columns.
  item_row in_columns(const item_row& row) const;

  /// Appends a held-out user, without items that are no columns, unless fold-in or
  /// held-out part are empty then.
  void add_held_out(core::held_out_set& set,
                    core::user_id user,
                    const item_row& fold_in,
                    const item_row& held_out) const;

  core::split take();

  core::held_out_set& validation() {
    return result_.validation;
  }

  core::held_out_set& test() {
    return result_.test;
  }

private:
  void append(core::interactions& rows, const item_row& row) const;

  core::split result_;
  bool has_times_;
  std::vector<core::item_id> column_of_; ///< by the dataset's item; `no_item` for none
};

} // namespace souk::data
