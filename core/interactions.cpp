#include "core/interactions.hpp"

#include "core/error.hpp"

namespace souk::core {

span<const item_id> interactions::row(std::size_t index) const {
  return {items.data() + offsets[index], offsets[index + 1] - offsets[index]};
}

span<const time_ms> interactions::times_of_row(std::size_t index) const {
  if (times.empty())
    return {};
  return {times.data() + offsets[index], offsets[index + 1] - offsets[index]};
}

void interactions::append_row(span<const item_id> row_items,
                              span<const time_ms> row_times) {
  expects(row_times.empty() || row_times.size() == row_items.size(),
          "a row has a time for every item or for none");
  items.insert(items.end(), row_items.begin(), row_items.end());
  times.insert(times.end(), row_times.begin(), row_times.end());
  offsets.push_back(items.size());
}

bool same_rows(const user_rows& a, const user_rows& b) {
  return a.users == b.users && a.rows.num_items == b.rows.num_items
         && a.rows.offsets == b.rows.offsets && a.rows.items == b.rows.items;
}

interactions select_rows(const interactions& all, span<const std::uint32_t> rows) {
  interactions selected;
  selected.num_items = all.num_items;
  for (const auto row : rows)
    selected.append_row(all.row(row), all.times_of_row(row));
  return selected;
}

std::vector<std::uint32_t> count_by_item(const interactions& all) {
  std::vector<std::uint32_t> counts(all.num_items);
  for (const auto item : all.items)
    ++counts[item];
  return counts;
}

} // namespace souk::core
