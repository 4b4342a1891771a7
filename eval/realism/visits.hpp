#pragma once

#include "core/ids.hpp"
#include "eval/realism/behaviour.hpp"

#include <cstdint>
#include <vector>

namespace souk::eval::realism {

/// A session is over after so long without an event.
constexpr core::time_ms visit_gap = 30 * core::minute_ms;

/// Events [first, last) of one user that belong together in time.
struct visit {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// A log cut into sessions.
///
/// Returns belong to no session: a parcel that is sent back is no visit, and where it
/// is one, logs do not tell. Users are numbered anew, in order, so that everyone has an
/// event. Without times all of a user's events are one session.
struct visit_log {
  bool has_times = false;
  std::vector<core::event> events;       ///< without returns
  std::vector<visit> visits;             ///< in the order of events
  std::vector<std::uint64_t> offsets{0}; ///< visits by user: [users + 1]
  std::vector<std::uint32_t> returns;    ///< [users]
  std::vector<std::uint32_t> tenth;      ///< [items], see `popularity_tenths`
  kind_counts kinds{};

  std::uint32_t num_users() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

visit_log cut_into_visits(const behaviour& log);

/// Returns for each item in which tenth of all events it is, when items are sorted by
/// how many they have: 0 for the most popular ones, which together have a tenth of the
/// events, up to 9.
std::vector<std::uint32_t> popularity_tenths(core::span<const core::event> events);

} // namespace souk::eval::realism
