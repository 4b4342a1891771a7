#pragma once

#include "core/ids.hpp"

#include <cstdint>

namespace souk::core {

/// One event of a recorded log, in the numbers of the model that it is put to.
struct replay_event {
  time_ms time = 0;
  user_id user = no_user; ///< numbered in the log, from 0
  item_id item = no_item; ///< the model's column; `no_item`: the model has none
  std::uint32_t session =
    0; ///< differs from that of the user's event before: a new one
  /// Not 0 where the model was trained on this user's having this item.
  std::uint32_t is_learned = 0;
};

/// What a replay does with an event.
enum class replay_verdict : std::uint32_t {
  judged = 0,   ///< predicted before it was seen
  unknown = 1,  ///< of an item that the model does not know
  repeated = 2, ///< of an item that the user had before, where these are not judged
  learned = 3,  ///< the model was trained on it, where these are not judged
};

constexpr std::size_t num_replay_verdicts = 4;

/// What became of an event in a replay.
struct replay_prediction {
  user_id user = no_user;
  /// The item's place in the slate, from 1; 0 where it was not in it, or nothing was
  /// asked.
  std::uint32_t rank = 0;
  std::uint32_t position = 0; ///< in the session, from 1
  std::uint32_t history = 0;  ///< distinct items that the model was given
  replay_verdict verdict = replay_verdict::judged;
};

} // namespace souk::core
