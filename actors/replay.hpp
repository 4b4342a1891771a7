#pragma once

#include "actors/user_profiles.hpp"
#include "core/recommender.hpp"
#include "core/replay.hpp"
#include "core/span.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace souk::actors {

/// Events by (time, user, place in the source), as a replay walks them.
using replay_log = std::shared_ptr<const std::vector<core::replay_event>>;

/// Told by a replay what became of events, in the log's order, in the replayer's
/// thread.
class replay_observer {
public:
  virtual ~replay_observer() = default;

  /// `latencies_ms` is parallel to `predictions`: of wall clock, from when an event was
  /// due (at N times real time) or given to its shard (as fast as possible) until its
  /// prediction was back.
  virtual void predicted(core::span<const core::replay_prediction> predictions,
                         core::span<const float> latencies_ms) = 0;
};

struct replay_options {
  profile_options profiles;
  std::uint32_t shards = 1; ///< of users, each computing in a thread of its own
  std::size_t batch = 96;   ///< events per shard that are predicted together, at most
  double speed = 0;         ///< seconds of the log in one; 0: as fast as possible
};

/// How many events were predicted, from the log's first on.
struct replay_outcome {
  std::uint64_t events = 0;
};

/// Walks a log through actors of this process. What the observer is told does not
/// depend on shards, batches or speed (latencies excepted). An interrupt ends it
/// cleanly: what was given to shards is still answered. Throws `core::error` when
/// something broke.
replay_outcome replay(const replay_options& options,
                      const replay_log& log,
                      const std::shared_ptr<const core::recommender>& model,
                      const std::shared_ptr<const core::attribute_table>& attributes,
                      replay_observer& observer,
                      const std::atomic<bool>& interrupt);

} // namespace souk::actors
