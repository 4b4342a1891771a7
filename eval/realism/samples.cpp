#include "eval/realism/samples.hpp"

#include <algorithm>
#include <iterator>

namespace souk::eval::realism {

namespace {

template <class PerUser>
user_values collect(const visit_log& log, PerUser append) {
  user_values sample;
  for (std::uint32_t user = 0; user < log.num_users(); ++user) {
    append(core::span<const visit>{log.visits.data() + log.offsets[user],
                                   log.offsets[user + 1] - log.offsets[user]},
           sample.values, user);
    sample.end_user();
  }
  return sample;
}

double days(core::time_ms time) {
  return static_cast<double>(time) / core::day_ms;
}

core::time_ms start_of(const visit_log& log, const visit& of) {
  return log.events[of.first].time;
}

/// The distinct items of a session, ascending; only those bought, if asked for.
std::vector<core::item_id>
items_of(const visit_log& log, const visit& of, bool only_bought) {
  std::vector<core::item_id> items;
  for (auto i = of.first; i < of.last; ++i)
    if (!only_bought || log.events[i].kind == core::event_kind::purchase)
      items.push_back(log.events[i].item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

} // namespace

user_values session_lengths(const visit_log& log) {
  return collect(log, [](auto visits, auto& out, auto) {
    for (const auto& each : visits)
      out.push_back(static_cast<double>(each.last - each.first));
  });
}

user_values session_gaps(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    for (std::size_t i = 1; i < visits.size(); ++i)
      out.push_back(
        days(start_of(log, visits[i]) - log.events[visits[i - 1].last - 1].time));
  });
}

user_values session_hours(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    for (const auto& each : visits)
      out.push_back(hour_of(start_of(log, each)));
  });
}

user_values session_weekdays(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    for (const auto& each : visits)
      out.push_back(weekday_of(start_of(log, each)));
  });
}

user_values
funnel_step(const visit_log& log, core::event_kind earlier, core::event_kind later) {
  return collect(log, [&](auto visits, auto& out, auto user) {
    for (const auto& each : visits)
      for (auto i = each.first; i < each.last; ++i)
        if (log.events[i].kind == earlier || log.events[i].kind == later)
          out.push_back(log.events[i].kind == later ? 1 : 0);
    if (later == core::event_kind::product_return)
      out.insert(out.end(), log.returns[user], 1.0);
  });
}

user_values repeat_shares(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    std::vector<core::item_id> seen;
    std::uint64_t repeats = 0;
    std::uint64_t events = 0;
    for (std::size_t v = 0; v < visits.size(); ++v) {
      if (v > 0)
        for (auto i = visits[v].first; i < visits[v].last; ++i, ++events)
          repeats +=
            std::binary_search(seen.begin(), seen.end(), log.events[i].item) ? 1 : 0;
      std::vector<core::item_id> merged;
      const auto items = items_of(log, visits[v], /*only_bought=*/false);
      std::set_union(seen.begin(), seen.end(), items.begin(), items.end(),
                     std::back_inserter(merged));
      seen.swap(merged);
    }
    if (events > 0)
      out.push_back(static_cast<double>(repeats) / static_cast<double>(events));
  });
}

user_values basket_sizes(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    for (const auto& each : visits) {
      const auto items = items_of(log, each, /*only_bought=*/true).size();
      if (items > 0)
        out.push_back(static_cast<double>(items));
    }
  });
}

user_values inter_purchase_days(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    const visit* last = nullptr;
    for (const auto& each : visits) {
      if (items_of(log, each, /*only_bought=*/true).empty())
        continue;
      if (last)
        out.push_back(days(start_of(log, each) - start_of(log, *last)));
      last = &each;
    }
  });
}

user_values events_per_user(const visit_log& log) {
  return collect(log, [](auto visits, auto& out, auto) {
    if (!visits.empty())
      out.push_back(
        static_cast<double>(visits[visits.size() - 1].last - visits[0].first));
  });
}

user_values sessions_per_user(const visit_log& log) {
  return collect(log, [](auto visits, auto& out, auto) {
    if (!visits.empty())
      out.push_back(static_cast<double>(visits.size()));
  });
}

user_values transition_steps(const visit_log& log) {
  return collect(log, [&](auto visits, auto& out, auto) {
    for (const auto& each : visits)
      for (auto i = each.first + 1; i < each.last; ++i)
        if (log.events[i].time != log.events[i - 1].time)
          out.push_back(static_cast<double>(log.tenth[log.events[i].item])
                        - static_cast<double>(log.tenth[log.events[i - 1].item]));
  });
}

} // namespace souk::eval::realism
