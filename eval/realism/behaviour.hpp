#pragma once

#include "core/dataset.hpp"
#include "core/event.hpp"
#include "core/span.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace souk::eval::realism {

/// What people did, in a recorded or a simulated shop, as far as it can be compared:
/// clicks, carts, purchases, returns and ratings.
struct behaviour {
  std::vector<core::event> events; ///< ascending by (user, time)
  bool has_times = false;

  /// Times of the first and the last event; 0 where there is none.
  core::time_ms first_time() const;
  core::time_ms last_time() const;
};

/// How many events of each kind a log has.
using kind_counts = std::array<std::uint64_t, core::num_event_kinds>;

/// Takes the behaviour out of a dataset, with all times moved by `shift` (a simulated
/// shop's day 0 has a weekday, but no date).
behaviour behaviour_of(const core::dataset& data, core::time_ms shift = 0);

kind_counts count_kinds(const behaviour& log);

/// Returns the events of the kinds that `wanted` has any of.
behaviour only_kinds(const behaviour& log, const kind_counts& wanted);

/// Returns the events of [from, to) as shares of the time between the first and the
/// last event; the last event belongs to a part that ends at 1.
behaviour part_of(const behaviour& log, double from, double to);

/// Returns the events of the first `length` milliseconds.
behaviour first_of(const behaviour& log, core::time_ms length);

/// Returns the shift that makes a simulated day 0 fall on a weekday (0 = Monday).
core::time_ms shift_to_weekday(std::uint32_t weekday);

/// Returns the weekday of a time (ms since 1970), 0 = Monday.
std::uint32_t weekday_of(core::time_ms time);

/// Returns the hour of the day with its fraction, from 0 to below 24.
double hour_of(core::time_ms time);

} // namespace souk::eval::realism
