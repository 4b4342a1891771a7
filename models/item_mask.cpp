#include "models/item_mask.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>

namespace souk::models {

namespace {

constexpr auto hidden = -std::numeric_limits<float>::infinity();

} // namespace

item_mask::item_mask(const request_rows& rows, core::item_id first_item)
  : rows_(rows.size()) {
  const auto from_tile_on = [&](core::span<const core::item_id> list) {
    return rest_of_list{std::lower_bound(list.begin(), list.end(), first_item),
                        list.end()};
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows.begin + i;
    if (rows.request.excluded != nullptr)
      rows_[i].excluded = from_tile_on(rows.request.excluded->row(row));
    if (rows.request.assortments == nullptr)
      continue;
    const auto& assortment = (*rows.request.assortments)[row];
    rows_[i].without = from_tile_on(assortment.without);
    rows_[i].has_only = assortment.only.has_value();
    if (assortment.only)
      rows_[i].only = from_tile_on(*assortment.only);
  }
}

void item_mask::hide(core::item_id first_item, kernels::matrix scores) {
  const auto end = first_item + static_cast<core::item_id>(scores.columns);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    auto& lists = rows_[i];
    auto* row = scores.row(i);
    const auto hide_all = [&](rest_of_list& list) {
      for (; list.next != list.end && *list.next < end; ++list.next)
        row[*list.next - first_item] = hidden;
    };
    if (lists.has_only) {
      auto* gap = row;
      for (auto& only = lists.only; only.next != only.end && *only.next < end;
           ++only.next) {
        auto* kept = row + (*only.next - first_item);
        core::expects(kept >= gap, "an assortment's items ascend");
        std::fill(gap, kept, hidden);
        gap = kept + 1;
      }
      std::fill(gap, row + scores.columns, hidden);
    }
    hide_all(lists.excluded);
    hide_all(lists.without);
  }
}

} // namespace souk::models
