#pragma once

#include "core/replay.hpp"
#include "core/result_row.hpp"
#include "core/span.hpp"
#include "eval/intervals.hpp"
#include "eval/metrics.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Turns what became of a log's events into rows of `results.json`, stage `replay`.
namespace souk::eval {

/// What a replay came to. Predictions are in the log's order: by (time, user, place).
struct replayed {
  std::string model;
  std::vector<core::replay_prediction> predictions;
  std::vector<float> latencies_ms; ///< of the judged predictions, in their order
  double seconds = 0;              ///< of wall clock
};

/// Returns a metric's value of a slate in which the one item that is looked for has the
/// given rank, by rank: [k + 1], rank 0 being a miss.
std::vector<double> values_by_rank(const metric& wanted);

/// Returns the group that a position in a session or a length of history belongs to:
/// "0" to "4", "5-9", "10-19", "20-49", "50+".
std::string bucket_of(std::uint32_t count);

/// Returns means over judged events with their intervals over users (see
/// `ratio_intervals`), groups `all`, `position=1`, ..., `history=0`, ...; and how many
/// events there were, by what became of them: metrics `events`, `events_judged`,
/// `events_unknown_item`, `events_repeated`, `events_learned`, and `users`.
std::vector<core::result_row> rows_of(const replayed& whole,
                                      const std::vector<metric>& metrics,
                                      const resampling_options& options);

/// Returns what was measured: `events_per_second`, of which `predictions_per_second`
/// were judged, and the latencies' percentiles `latency_p50_ms`, `latency_p90_ms`,
/// `latency_p99_ms`, `latency_max_ms`.
std::vector<core::result_row> measured_rows_of(const replayed& whole);

/// Returns the SHA-256 over all predictions in their order.
std::string digest_of(core::span<const core::replay_prediction> predictions);

} // namespace souk::eval
