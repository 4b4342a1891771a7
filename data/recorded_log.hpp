#pragma once

#include "core/dataset.hpp"
#include "core/event.hpp"
#include "core/replay.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Logs to be replayed: what users wanted, in time order.
namespace souk::data {

/// A user had an item.
struct recorded_event {
  core::time_ms time = 0;
  core::user_id user = core::no_user; ///< row of the log's users
  core::item_id item = core::no_item; ///< row of the log's items
  std::uint32_t session = 0;          ///< counts the user's sessions from 0
};

/// Recorded sessions, of people or of simulated shoppers.
struct recorded_log {
  std::uint32_t num_users = 0;
  std::vector<std::string> users;     ///< original ids; none where they are simulated
  std::vector<std::string> items;     ///< original ids
  std::vector<recorded_event> events; ///< by (time, user, place in the source)
  /// Events of kinds that are not positive (returns, impressions, ...), left out.
  std::uint64_t num_others = 0;
};

/// What a log is read by.
struct recording_options {
  /// The kinds of events that say "this user wanted this item".
  std::vector<core::event_kind> positives;
  /// A session ends when so long nothing happens; nothing: the source's users are
  /// sessions (YooChoose) or have session numbers of their own (simulated logs).
  std::optional<core::time_ms> session_gap = 30 * core::minute_ms;
};

/// Makes a log of a dataset's events. Throws `error` of the request if it has no times.
recorded_log recorded_log_of(const core::dataset& dataset,
                             const recording_options& options);

/// Reads the log of a simulation, segment by segment. The shoppers of each policy and
/// each world are users of their own; sessions are those logged. `items` names the
/// catalogue's items by number. Throws `error` as `for_each_segment` does, or if the
/// log has an item without a name.
recorded_log read_simulated_log(const std::string& folder,
                                std::vector<std::string> items,
                                const recording_options& options);

/// What a model was trained on: names and items parallel by row.
struct trained_rows {
  std::vector<std::string> users;
  const core::interactions* rows = nullptr; ///< columns are the model's
};

/// Returns when the last item of a model's training rows was met; the end of time where
/// they have no times.
core::time_ms end_of_training(const trained_rows& trained);

/// A log in a model's numbers.
struct matched_log {
  std::vector<core::replay_event> events; ///< all of the log's, in its order
  /// Items of the log that the model does not know with their numbers of events, the
  /// most frequent first, then by name.
  std::vector<std::pair<std::string, std::uint64_t>> unknown_items;
};

/// Matches items by their original ids, and marks what the model was trained on: a user
/// of that id has the item in its training rows, and the event is no later than their
/// end.
matched_log match(const recorded_log& log,
                  const std::vector<std::string>& model_items,
                  const trained_rows& trained);

} // namespace souk::data
