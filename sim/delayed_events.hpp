#pragma once

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/session_record.hpp"
#include "sim/history_band.hpp"
#include "sim/intent.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// Something that a user's past brings about later: a purchase, a return, a rating.
struct delayed_event {
  core::time_ms time = 0;
  core::item_id item = core::no_item;
  std::uint32_t session = 0; ///< in which it began
  std::uint32_t slate = 0;
  std::uint32_t draws = 0; ///< step of the draws of what follows
  std::int32_t price_cents = 0;
  std::uint16_t position = 0;
  core::event_kind kind = core::event_kind::purchase;
  intent purpose = intent::browse; ///< of the session
  std::uint32_t query = core::session_record::no_query;
  history_band history = history_band::none; ///< of the slate that it came of
};

/// Queues of delayed events, one per user, in one pool: a user without any costs one
/// number.
class delayed_events {
public:
  explicit delayed_events(std::size_t num_users) : first_(num_users, none) {
    // nop
  }

  /// Returns when a user's first event is due, or `when_none`.
  core::time_ms next_time(std::size_t user, core::time_ms when_none) const {
    return first_[user] == none ? when_none : pool_[first_[user]].event.time;
  }

  /// Adds an event behind those of the same or an earlier time.
  void push(std::size_t user, const delayed_event& event);

  /// Removes and returns a user's first event; there must be one.
  delayed_event pop(std::size_t user);

  /// Moves events that are due before `time` to it; their order stays.
  void postpone(std::size_t user, core::time_ms time);

  std::size_t memory_bytes() const {
    return (first_.capacity() + free_.capacity()) * sizeof(std::uint32_t)
           + pool_.capacity() * sizeof(node);
  }

private:
  static constexpr std::uint32_t none = 0xFFFFFFFFU;

  struct node {
    delayed_event event;
    std::uint32_t next = none;
  };

  std::vector<std::uint32_t> first_;
  std::vector<node> pool_;
  std::vector<std::uint32_t> free_;
};

} // namespace souk::sim
