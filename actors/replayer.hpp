#pragma once

#include "actors/messages/types.hpp"
#include "actors/replay.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <vector>

namespace souk::actors {

/// Asks a replayer to walk its log to the end.
struct run_replay {};

/// Asks it to give out nothing more, and to finish with what has been given out.
struct stop_replay {};

/// The replayer's own: the next event is due.
struct walk_on {};

/// Answers `run_replay`.
struct replay_finished {
  std::uint64_t events = 0;
};

/// Lives in the process that asks; only what it says to shards may travel.
using replayer_actor = caf::typed_actor<
  // Fails with `failed` when a shard broke or its process is gone.
  caf::replies_to<run_replay>::with<replay_finished>,
  caf::reacts_to<stop_replay>,
  caf::reacts_to<walk_on>,
  caf::reacts_to<messages::role_died>>;

struct replayer_options {
  std::size_t batch = 96; ///< events per shard and window, on the average
  double speed = 0;       ///< seconds of the log in one; 0: as fast as possible
};

/// Consecutive events of the log that are predicted at the same time.
struct replay_window {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::vector<std::size_t>> places; ///< [shards]: events, from `begin` on
  std::vector<core::replay_prediction> predictions; ///< [end - begin]
  std::vector<double> due;                          ///< [end - begin], seconds
  std::vector<float> latencies_ms;                  ///< [end - begin]
  std::size_t missing = 0;                          ///< shards that have not answered
};

/// Where a replay is in its log, and what is under way.
struct replayer_state {
  static constexpr const char* name = "replayer";

  replayer_options options;
  replay_log log;
  std::vector<messages::profile_shard_actor> shards;
  replay_observer* observer = nullptr;

  double began = 0;                  ///< seconds, when the log's first event was due
  std::size_t next = 0;              ///< the first event that was not given out
  std::size_t finished = 0;          ///< windows that the observer was told of
  std::deque<replay_window> windows; ///< given out, in order
  bool is_stopped = false;
  bool is_waiting = false; ///< for `walk_on`
  caf::typed_response_promise<replay_finished> promise;

  bool is_over() const {
    return is_stopped || next == log->size();
  }

  /// When an event is due: by the log's clock, or at once.
  double due(std::size_t event, double now) const;

  /// Returns the end of the window that begins at `next`: events that are due, no more
  /// than shards should have at a time. `next` where none is.
  std::size_t end_of_window(double now) const;

  /// Begins the window [next, end).
  replay_window& open_window(std::size_t end, double now);

  /// What a shard is asked in a window.
  messages::predict_events request_to(std::size_t shard,
                                      const replay_window& window) const;

  /// Notes a shard's answer, and tells the observer of all windows that are whole and
  /// have no other before them.
  void take(std::size_t window,
            std::size_t shard,
            const messages::events_predicted& answer,
            double now);
};

/// The clock of a replay: walks the log in time order, gives its events to the shards
/// that own their users, and merges what they predict in the log's order.
replayer_actor::behavior_type
replayer(replayer_actor::stateful_pointer<replayer_state> self,
         replayer_options options,
         replay_log log,
         std::vector<messages::profile_shard_actor> shards,
         replay_observer* observer);

} // namespace souk::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::run_replay)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::stop_replay)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::walk_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::replay_finished)
