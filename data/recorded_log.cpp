#include "data/recorded_log.hpp"

#include "core/error.hpp"
#include "data/session_log.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <unordered_map>

namespace souk::data {

namespace {

using names_to_numbers = std::unordered_map<std::string, std::uint32_t>;

names_to_numbers numbers_of(const std::vector<std::string>& names) {
  names_to_numbers numbers;
  numbers.reserve(names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i)
    numbers.emplace(names[i], i);
  return numbers;
}

/// Says of each kind whether it is positive.
class positive_kinds {
public:
  explicit positive_kinds(const std::vector<core::event_kind>& kinds) {
    for (const auto kind : kinds)
      has_.at(static_cast<std::size_t>(kind)) = true;
  }

  bool has(core::event_kind kind) const {
    return has_.at(static_cast<std::size_t>(kind));
  }

private:
  std::array<bool, core::num_event_kinds> has_{};
};

/// Events of a user come in order; only users have to be woven together.
void order_by_time(std::vector<recorded_event>& events) {
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time, a.user) < std::tie(b.time, b.user);
  });
}

/// Numbers the shoppers of all policies and worlds in the order in which they come.
class shopper_numbers {
public:
  core::user_id number(const core::session_record& record) {
    const auto key = std::uint64_t{record.policy} << 48
                     | std::uint64_t{record.world} << 32 | record.user;
    return numbers_.try_emplace(key, static_cast<core::user_id>(numbers_.size()))
      .first->second;
  }

  std::uint32_t size() const {
    return static_cast<std::uint32_t>(numbers_.size());
  }

private:
  std::unordered_map<std::uint64_t, core::user_id> numbers_;
};

} // namespace

recorded_log recorded_log_of(const core::dataset& dataset,
                             const recording_options& options) {
  if (!dataset.has_times)
    throw core::error::request("has no times, and a replay goes by them", dataset.name,
                               "use a source whose events have times");
  const positive_kinds positive{options.positives};
  recorded_log log;
  log.num_users = static_cast<std::uint32_t>(dataset.user_names.size());
  log.users = dataset.user_names;
  log.items = dataset.item_names;
  recorded_event last;
  for (const auto& event : dataset.events) {
    if (!positive.has(event.kind)) {
      ++log.num_others;
      continue;
    }
    recorded_event next{event.time, event.user, event.item, 0};
    if (next.user == last.user) {
      const auto is_over =
        options.session_gap && next.time - last.time > *options.session_gap;
      next.session = last.session + (is_over ? 1 : 0);
    }
    log.events.push_back(next);
    last = next;
  }
  order_by_time(log.events);
  return log;
}

recorded_log read_simulated_log(const std::string& folder,
                                std::vector<std::string> items,
                                const recording_options& options) {
  const positive_kinds positive{options.positives};
  recorded_log log;
  log.items = std::move(items);
  shopper_numbers shoppers;
  for_each_segment(folder, [&](const session_log& segment) {
    for (const auto& record : segment.records) {
      if (!positive.has(record.kind)) {
        ++log.num_others;
        continue;
      }
      if (record.item >= log.items.size())
        throw core::error{"names an item that the catalogue does not have", folder,
                          "use the log with the run that wrote it"};
      log.events.push_back(
        {record.time, shoppers.number(record), record.item, record.session});
    }
  });
  log.num_users = shoppers.size();
  order_by_time(log.events);
  return log;
}

core::time_ms end_of_training(const trained_rows& trained) {
  const auto& times = trained.rows->times;
  return times.empty() ? std::numeric_limits<core::time_ms>::max()
                       : *std::max_element(times.begin(), times.end());
}

matched_log match(const recorded_log& log,
                  const std::vector<std::string>& model_items,
                  const trained_rows& trained) {
  const auto columns = numbers_of(model_items);
  std::vector<core::item_id> column_of;
  for (const auto& name : log.items) {
    const auto found = columns.find(name);
    column_of.push_back(found == columns.end() ? core::no_item : found->second);
  }
  constexpr auto nobody = core::no_user;
  std::vector<std::uint32_t> row_of(log.num_users, nobody);
  const auto rows = numbers_of(trained.users);
  for (std::size_t user = 0; user < log.users.size(); ++user) {
    const auto found = rows.find(log.users[user]);
    if (found != rows.end())
      row_of[user] = found->second;
  }
  const auto end = end_of_training(trained);
  const auto is_learned = [&](const recorded_event& event, core::item_id item) {
    if (item == core::no_item || row_of[event.user] == nobody || event.time > end)
      return false;
    const auto row = trained.rows->row(row_of[event.user]);
    return std::binary_search(row.begin(), row.end(), item);
  };
  matched_log matched;
  std::vector<std::uint64_t> unknown(log.items.size(), 0);
  for (const auto& event : log.events) {
    const auto item = column_of[event.item];
    if (item == core::no_item)
      ++unknown[event.item];
    matched.events.push_back(
      {event.time, event.user, item, event.session, is_learned(event, item) ? 1U : 0U});
  }
  for (std::size_t item = 0; item < unknown.size(); ++item)
    if (unknown[item] > 0)
      matched.unknown_items.emplace_back(log.items[item], unknown[item]);
  std::sort(matched.unknown_items.begin(), matched.unknown_items.end(),
            [](const auto& a, const auto& b) {
              return std::tie(b.second, a.first) < std::tie(a.second, b.first);
            });
  return matched;
}

} // namespace souk::data
