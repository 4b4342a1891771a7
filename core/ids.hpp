#pragma once

#include <cstdint>
#include <limits>

namespace souk::core {

/// A user's row number in a dataset, a training set or a population.
using user_id = std::uint32_t;

/// An item's row number in a dataset, or its column in a split's matrices.
using item_id = std::uint32_t;

/// Milliseconds: since 1970 (UTC) in recorded data, since its start in a simulation.
using time_ms = std::int64_t;

/// Counts the updates that a parameter server has applied; 0 is the initial state.
using version_t = std::uint64_t;

/// Marks an empty place in a slate, or a row that only pads a batch.
constexpr item_id no_item = std::numeric_limits<item_id>::max();
constexpr user_id no_user = std::numeric_limits<user_id>::max();

constexpr time_ms second_ms = 1000;
constexpr time_ms minute_ms = 60 * second_ms;
constexpr time_ms hour_ms = 60 * minute_ms;
constexpr time_ms day_ms = 24 * hour_ms;

} // namespace souk::core
