#include "data/split_rows.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>

namespace souk::data {

namespace {

/// Sorts a row by item and keeps the first meeting with each.
void keep_first_meetings(item_row& row) {
  std::sort(row.begin(), row.end(), [](const met_item& a, const met_item& b) {
    return a.item != b.item ? a.item < b.item : a.place < b.place;
  });
  const auto same = [](const met_item& a, const met_item& b) {
    return a.item == b.item;
  };
  row.erase(std::unique(row.begin(), row.end(), same), row.end());
}

} // namespace

std::vector<item_row> rows_of(const core::dataset& dataset,
                              const std::vector<core::event_kind>& positives,
                              const std::function<bool(std::size_t event)>& counts) {
  std::array<bool, core::num_event_kinds> positive{};
  for (const auto kind : positives)
    positive[static_cast<std::size_t>(kind)] = true;
  std::vector<item_row> rows(dataset.user_names.size());
  for (std::size_t i = 0; i < dataset.events.size(); ++i) {
    const auto& event = dataset.events[i];
    if (positive[static_cast<std::size_t>(event.kind)] && (!counts || counts(i)))
      rows[event.user].push_back(
        {event.item, event.time, static_cast<std::uint32_t>(i)});
  }
  for (auto& row : rows) {
    keep_first_meetings(row);
    row.shrink_to_fit();
  }
  return rows;
}

split_builder::split_builder(const core::dataset& dataset,
                             const std::vector<item_row>& training)
  : has_times_{dataset.has_times},
    column_of_(dataset.item_names.size(), core::no_item) {
  for (const auto& row : training)
    for (const auto& met : row)
      column_of_[met.item] = 0;
  for (core::item_id item = 0; item < column_of_.size(); ++item) {
    if (column_of_[item] == core::no_item)
      continue;
    column_of_[item] = static_cast<core::item_id>(result_.items.size());
    result_.items.push_back(item);
  }
  const auto num_items = static_cast<std::uint32_t>(result_.items.size());
  result_.training.num_items = num_items;
  for (auto* set : {&result_.validation, &result_.test}) {
    set->fold_in.num_items = num_items;
    set->held_out.num_items = num_items;
  }
  for (core::user_id user = 0; user < training.size(); ++user) {
    if (training[user].empty())
      continue;
    result_.training_users.push_back(user);
    append(result_.training, training[user]);
  }
}

item_row split_builder::in_columns(const item_row& row) const {
  item_row known;
  for (const auto& met : row)
    if (column_of_[met.item] != core::no_item)
      known.push_back(met);
  return known;
}

void split_builder::append(core::interactions& rows, const item_row& row) const {
  std::vector<core::item_id> items;
  std::vector<core::time_ms> times;
  for (const auto& met : row) {
    items.push_back(column_of_[met.item]);
    if (has_times_)
      times.push_back(met.time);
  }
  rows.append_row(items, times);
}

void split_builder::add_held_out(core::held_out_set& set,
                                 core::user_id user,
                                 const item_row& fold_in,
                                 const item_row& held_out) const {
  const auto seen = in_columns(fold_in);
  const auto asked = in_columns(held_out);
  if (seen.empty() || asked.empty())
    return;
  set.users.push_back(user);
  append(set.fold_in, seen);
  append(set.held_out, asked);
}

core::split split_builder::take() {
  if (result_.training_users.empty())
    throw core::error::request("no user is left to train on", "data.split",
                               "hold out fewer users, or end training later");
  return std::move(result_);
}

} // namespace souk::data
