#include "data/clean.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace souk::data {

namespace {

using core::event;

/// Begins of each user's events: [users + 1].
std::vector<std::size_t> begins_of_users(const core::dataset& source) {
  std::vector<std::size_t> begins(source.user_names.size() + 1);
  for (const auto& happened : source.events)
    ++begins[happened.user + std::size_t{1}];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  return begins;
}

/// Keeps the events for which `keeps(index)` holds, and their roles.
template <class Keeps>
void keep_events(core::dataset& source, Keeps keeps) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < source.events.size(); ++i) {
    if (!keeps(i))
      continue;
    source.events[kept] = source.events[i];
    if (!source.roles.empty())
      source.roles[kept] = source.roles[i];
    ++kept;
  }
  source.events.resize(kept);
  if (!source.roles.empty())
    source.roles.resize(kept);
}

void drop_what_is_not_positive(core::dataset& source,
                               double threshold,
                               import_report& report) {
  const auto before = source.events.size();
  keep_events(source, [&](std::size_t i) {
    const auto& happened = source.events[i];
    return happened.kind != core::event_kind::rating
           || static_cast<double>(happened.value) > threshold;
  });
  report.rows_dropped["not positive"] += before - source.events.size();
}

auto without_place(const event& e) {
  return std::tie(e.item, e.kind, e.value, e.price);
}

/// Marks events that repeat an earlier one, among those of one user at one time.
void mark_repeats(const std::vector<event>& events,
                  std::size_t begin,
                  std::size_t end,
                  std::vector<bool>& repeats) {
  std::vector<std::size_t> order(end - begin);
  std::iota(order.begin(), order.end(), begin);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return without_place(events[a]) < without_place(events[b]);
  });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (without_place(events[order[i]]) == without_place(events[order[i - 1]]))
      repeats[order[i]] = true;
}

void drop_duplicates(core::dataset& source, import_report& report) {
  const auto& events = source.events;
  std::vector<bool> repeats(events.size());
  for (std::size_t begin = 0, end = 0; begin < events.size(); begin = end) {
    const auto same_moment = [&](const event& other) {
      return other.user == events[begin].user && other.time == events[begin].time;
    };
    for (end = begin + 1; end < events.size() && same_moment(events[end]);)
      ++end;
    if (end - begin > 1)
      mark_repeats(events, begin, end, repeats);
  }
  const auto before = events.size();
  keep_events(source, [&](std::size_t i) { return !repeats[i]; });
  report.rows_dropped["duplicate"] += before - source.events.size();
}

std::array<bool, core::num_event_kinds>
flags_of(const std::vector<core::event_kind>& kinds) {
  std::array<bool, core::num_event_kinds> flags{};
  for (const auto kind : kinds)
    flags[static_cast<std::size_t>(kind)] = true;
  return flags;
}

/// The distinct items of every user's positive events.
struct positive_rows {
  std::vector<std::size_t> offsets{0};
  std::vector<core::item_id> items;
};

positive_rows positives_of(const core::dataset& source,
                           const std::vector<core::event_kind>& kinds) {
  const auto positive = flags_of(kinds);
  const auto begins = begins_of_users(source);
  positive_rows rows;
  std::vector<core::item_id> row;
  for (std::size_t user = 0; user + 1 < begins.size(); ++user) {
    row.clear();
    for (auto i = begins[user]; i < begins[user + 1]; ++i)
      if (positive[static_cast<std::size_t>(source.events[i].kind)])
        row.push_back(source.events[i].item);
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    rows.items.insert(rows.items.end(), row.begin(), row.end());
    rows.offsets.push_back(rows.items.size());
  }
  return rows;
}

enum class fate : std::uint8_t { stays, user_too_small, item_too_small };

/// Peels users and items off, in turn, until all that are left are large enough.
class core_peeler {
public:
  core_peeler(const core::dataset& source, const clean_options& options)
    : options_{options}, rows_{positives_of(source, options.positives)},
      user_fates(source.user_names.size(), fate::stays),
      item_fates(source.item_names.size(), fate::stays) {
    auto changed = true;
    for (auto first = true; changed; first = false) {
      changed = drop_users();
      // Items must be looked at once even where no user goes.
      changed = (changed || first) && drop_items();
    }
  }

private:
  bool stays(core::item_id item) const {
    return item_fates[item] == fate::stays;
  }

  bool drop_users() {
    auto dropped = false;
    for (std::size_t user = 0; user < user_fates.size(); ++user) {
      if (user_fates[user] != fate::stays)
        continue;
      const auto* begin = rows_.items.data() + rows_.offsets[user];
      const auto* end = rows_.items.data() + rows_.offsets[user + 1];
      const auto count =
        std::count_if(begin, end, [&](auto item) { return stays(item); });
      if (static_cast<std::uint64_t>(count) >= options_.min_user_events)
        continue;
      user_fates[user] = fate::user_too_small;
      dropped = true;
    }
    return dropped;
  }

  bool drop_items() {
    std::vector<std::uint32_t> counts(item_fates.size());
    for (std::size_t user = 0; user < user_fates.size(); ++user)
      if (user_fates[user] == fate::stays)
        for (auto i = rows_.offsets[user]; i < rows_.offsets[user + 1]; ++i)
          ++counts[rows_.items[i]];
    auto dropped = false;
    for (std::size_t item = 0; item < counts.size(); ++item) {
      if (item_fates[item] != fate::stays || counts[item] >= options_.min_item_users)
        continue;
      item_fates[item] = fate::item_too_small;
      dropped = true;
    }
    return dropped;
  }

  const clean_options& options_;
  positive_rows rows_;

public:
  std::vector<fate> user_fates;
  std::vector<fate> item_fates;
};

void keep_core(core::dataset& source,
               const clean_options& options,
               import_report& report) {
  const core_peeler peeled{source, options};
  auto& small_users = report.rows_dropped["user too small"];
  auto& small_items = report.rows_dropped["item too small"];
  keep_events(source, [&](std::size_t i) {
    const auto user_stays = peeled.user_fates[source.events[i].user] == fate::stays;
    const auto item_stays = peeled.item_fates[source.events[i].item] == fate::stays;
    if (!user_stays)
      ++small_users;
    else if (!item_stays)
      ++small_items;
    return user_stays && item_stays;
  });
}

/// Numbers those that occur, in the order of their old numbers. Returns the old ones.
std::vector<std::uint32_t>
renumber(std::vector<event>& events, std::uint32_t event::*member, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  for (const auto& happened : events)
    numbers[happened.*member] = 1;
  std::vector<std::uint32_t> old;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (numbers[i] == 0)
      continue;
    numbers[i] = static_cast<std::uint32_t>(old.size());
    old.push_back(i);
  }
  for (auto& happened : events)
    happened.*member = numbers[happened.*member];
  return old;
}

std::vector<std::string> select_names(std::vector<std::string>& names,
                                      const std::vector<std::uint32_t>& rows) {
  std::vector<std::string> selected;
  selected.reserve(rows.size());
  for (const auto row : rows)
    selected.push_back(std::move(names[row]));
  return selected;
}

core::attribute_table select_attributes(const core::attribute_table& table,
                                        const std::vector<std::uint32_t>& rows) {
  return table.columns.empty() ? core::attribute_table{rows.size(), {}}
                               : core::select_rows(table, rows);
}

} // namespace

void order_events(core::dataset& source) {
  auto& events = source.events;
  const auto earlier = [](const event& a, const event& b) {
    return std::tie(a.user, a.time) < std::tie(b.user, b.time);
  };
  if (std::is_sorted(events.begin(), events.end(), earlier))
    return;
  core::expects(events.size() < core::no_user, "a source has fewer than 2^32 events");
  // Counting by user needs one pass and keeps the source's order within each; most
  // sources then have each user's events in order of time already.
  const auto begins = begins_of_users(source);
  std::vector<std::size_t> next(begins.begin(), begins.end());
  std::vector<std::uint32_t> places(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    places[next[events[i].user]++] = static_cast<std::uint32_t>(i);
  for (std::size_t user = 0; user + 1 < begins.size(); ++user) {
    const auto by_time = [&](std::uint32_t a, std::uint32_t b) {
      return events[a].time < events[b].time;
    };
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(begins[user]);
    const auto last = places.begin() + static_cast<std::ptrdiff_t>(begins[user + 1]);
    if (!std::is_sorted(first, last, by_time))
      std::stable_sort(first, last, by_time);
  }
  std::vector<event> ordered;
  ordered.reserve(events.size());
  for (const auto place : places)
    ordered.push_back(events[place]);
  events = std::move(ordered);
  if (source.roles.empty())
    return;
  std::vector<core::split_role> roles;
  for (const auto place : places)
    roles.push_back(source.roles[place]);
  source.roles = std::move(roles);
}

core::dataset
cleaned(core::dataset source, const clean_options& options, import_report& report) {
  if (source.roles.empty()) {
    drop_what_is_not_positive(source, options.positive_above, report);
    if (options.drop_duplicates)
      drop_duplicates(source, report);
    keep_core(source, options, report);
  }
  const auto users = renumber(source.events, &event::user, source.user_names.size());
  const auto items = renumber(source.events, &event::item, source.item_names.size());
  source.user_names = select_names(source.user_names, users);
  source.item_names = select_names(source.item_names, items);
  source.user_attributes = select_attributes(source.user_attributes, users);
  source.item_attributes = select_attributes(source.item_attributes, items);
  return source;
}

} // namespace souk::data
