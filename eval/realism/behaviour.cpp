#include "eval/realism/behaviour.hpp"

#include <algorithm>

namespace souk::eval::realism {

namespace {

/// 1970 began on a Thursday.
constexpr core::time_ms weekday_of_epoch = 3;

bool is_behaviour(core::event_kind kind) {
  return kind == core::event_kind::click || kind == core::event_kind::cart
         || kind == core::event_kind::purchase
         || kind == core::event_kind::product_return
         || kind == core::event_kind::rating;
}

template <class Predicate>
behaviour events_where(const behaviour& log, Predicate keep) {
  behaviour kept;
  kept.has_times = log.has_times;
  std::copy_if(log.events.begin(), log.events.end(), std::back_inserter(kept.events),
               keep);
  return kept;
}

/// Times before 1970 count down: the remainder is that of the day they are in.
core::time_ms remainder(core::time_ms time, core::time_ms period) {
  const auto rest = time % period;
  return rest < 0 ? rest + period : rest;
}

} // namespace

core::time_ms behaviour::first_time() const {
  const auto first =
    std::min_element(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
  return first == events.end() ? 0 : first->time;
}

core::time_ms behaviour::last_time() const {
  const auto last =
    std::max_element(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
  return last == events.end() ? 0 : last->time;
}

behaviour behaviour_of(const core::dataset& data, core::time_ms shift) {
  behaviour log;
  log.has_times = data.has_times;
  for (auto event : data.events) {
    if (!is_behaviour(event.kind))
      continue;
    event.time += data.has_times ? shift : 0;
    log.events.push_back(event);
  }
  return log;
}

kind_counts count_kinds(const behaviour& log) {
  kind_counts counts{};
  for (const auto& event : log.events)
    ++counts[static_cast<std::size_t>(event.kind)];
  return counts;
}

behaviour only_kinds(const behaviour& log, const kind_counts& wanted) {
  return events_where(log, [&](const core::event& event) {
    return wanted[static_cast<std::size_t>(event.kind)] > 0;
  });
}

behaviour part_of(const behaviour& log, double from, double to) {
  const auto begin = log.first_time();
  const auto span = static_cast<double>(log.last_time() - begin);
  const auto low = begin + static_cast<core::time_ms>(span * from);
  const auto high = begin + static_cast<core::time_ms>(span * to);
  return events_where(log, [&](const core::event& event) {
    return event.time >= low && (to >= 1 || event.time < high);
  });
}

behaviour first_of(const behaviour& log, core::time_ms length) {
  const auto end = log.first_time() + length;
  return events_where(log, [&](const core::event& event) { return event.time < end; });
}

core::time_ms shift_to_weekday(std::uint32_t weekday) {
  return (weekday + 7 - weekday_of_epoch) % 7 * core::day_ms;
}

std::uint32_t weekday_of(core::time_ms time) {
  const auto of_week =
    remainder(time + weekday_of_epoch * core::day_ms, 7 * core::day_ms);
  return static_cast<std::uint32_t>(of_week / core::day_ms);
}

double hour_of(core::time_ms time) {
  return static_cast<double>(remainder(time, core::day_ms)) / core::hour_ms;
}

} // namespace souk::eval::realism
