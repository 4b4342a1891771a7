#pragma once

#include "core/session_record.hpp"
#include "core/span.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace souk::sim {

/// Visits what several cohorts told, each in (time, user, step) order, in that order
/// over all: `visit(core::span<core::session_record>)` gets one run of neighbours after
/// the other, mostly a slate. No two parts may have the same user.
template <class Visit>
void merge_records(std::vector<core::span<core::session_record>> parts, Visit visit) {
  struct head {
    core::time_ms time;
    core::user_id user;
    std::size_t part;

    bool operator>(const head& other) const {
      return time != other.time ? time > other.time : user > other.user;
    }
  };

  std::vector<head> heads; // a heap, earliest on top
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!parts[i].empty())
      heads.push_back({parts[i][0].time, parts[i][0].user, i});
  std::make_heap(heads.begin(), heads.end(), std::greater<>{});
  while (!heads.empty()) {
    std::pop_heap(heads.begin(), heads.end(), std::greater<>{});
    auto next = heads.back();
    heads.pop_back();
    auto& rest = parts[next.part];
    std::size_t length = 0;
    do {
      ++length;
      if (length == rest.size())
        break;
      next.time = rest[length].time;
      next.user = rest[length].user;
    } while (heads.empty() || !(next > heads.front()));
    visit(core::span<core::session_record>{rest.data(), length});
    rest = {rest.data() + length, rest.size() - length};
    if (rest.empty())
      continue;
    heads.push_back(next);
    std::push_heap(heads.begin(), heads.end(), std::greater<>{});
  }
}

} // namespace souk::sim
