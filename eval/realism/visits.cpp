#include "eval/realism/visits.hpp"

#include <algorithm>
#include <numeric>

namespace souk::eval::realism {

namespace {

constexpr std::uint64_t num_tenths = 10;

void append_user(core::span<const core::event> events, bool has_times, visit_log& cut) {
  std::uint32_t returns = 0;
  auto begins = true;
  core::time_ms last_time = 0;
  for (const auto& event : events) {
    if (event.kind == core::event_kind::product_return) {
      ++returns;
      continue;
    }
    if (begins || (has_times && event.time - last_time > visit_gap))
      cut.visits.push_back({cut.events.size(), cut.events.size()});
    begins = false;
    last_time = event.time;
    cut.events.push_back(event);
    cut.visits.back().last = cut.events.size();
  }
  cut.returns.push_back(returns);
  cut.offsets.push_back(cut.visits.size());
}

} // namespace

visit_log cut_into_visits(const behaviour& log) {
  visit_log cut;
  cut.has_times = log.has_times;
  cut.kinds = count_kinds(log);
  const auto& events = log.events;
  for (std::size_t first = 0; first < events.size();) {
    auto last = first;
    while (last < events.size() && events[last].user == events[first].user)
      ++last;
    append_user({events.data() + first, last - first}, log.has_times, cut);
    first = last;
  }
  cut.tenth = popularity_tenths(cut.events);
  return cut;
}

std::vector<std::uint32_t> popularity_tenths(core::span<const core::event> events) {
  std::vector<std::uint64_t> counts;
  for (const auto& event : events) {
    if (event.item >= counts.size())
      counts.resize(event.item + std::size_t{1});
    ++counts[event.item];
  }
  std::vector<std::uint32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return counts[a] > counts[b]; });
  std::vector<std::uint32_t> tenths(counts.size());
  std::uint64_t before = 0;
  for (const auto item : order) {
    tenths[item] = static_cast<std::uint32_t>(std::min(
      num_tenths - 1, before * num_tenths / std::max<std::size_t>(1, events.size())));
    before += counts[item];
  }
  return tenths;
}

} // namespace souk::eval::realism
