#include "experiments/calibration/log_items.hpp"

#include "sim/dataset_parts.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace souk::experiments {

namespace {

bool tells_of_taste(const core::event& event) {
  return event.kind != core::event_kind::product_return
         && event.kind != core::event_kind::rating;
}

} // namespace

std::uint64_t count_choices(const eval::realism::behaviour& log) {
  return static_cast<std::uint64_t>(
    std::count_if(log.events.begin(), log.events.end(), tells_of_taste));
}

log_items::log_items(const eval::realism::behaviour& log) {
  std::map<core::item_id, core::item_id> columns;
  std::map<core::user_id, std::set<core::item_id>> rows;
  for (const auto& event : log.events)
    if (tells_of_taste(event)) {
      const auto next = static_cast<core::item_id>(columns.size());
      const auto [column, is_new] = columns.try_emplace(event.item, next);
      if (is_new)
        items_.push_back(event.item);
      rows[event.user].insert(column->second);
    }
  data_.has_times = log.has_times;
  for (const auto& event : log.events) {
    const auto column = columns.find(event.item);
    if (column == columns.end() || rows.count(event.user) == 0)
      continue;
    auto known = event;
    known.item = column->second;
    data_.events.push_back(known); // whose prices count
  }
  split_.training.num_items = static_cast<std::uint32_t>(columns.size());
  for (core::item_id item = 0; item < columns.size(); ++item) {
    split_.items.push_back(item);
    data_.item_names.push_back("item " + std::to_string(item + 1));
  }
  for (const auto& [user, items] : rows) {
    split_.training_users.push_back(
      static_cast<core::user_id>(split_.training_users.size()));
    data_.user_names.push_back("user " + std::to_string(user));
    split_.training.append_row(std::vector<core::item_id>(items.begin(), items.end()));
  }
  data_.user_attributes.num_rows = data_.user_names.size();
  data_.item_attributes.num_rows = data_.item_names.size();
}

sim::catalogue_source log_items::source(const sim::simulation_options& options) {
  if (!factors_ || factors_->dimensions != options.tastes.dimensions)
    factors_ = sim::fit_factors(options, split_);
  return {&data_, &split_, 0, &*factors_};
}

} // namespace souk::experiments
