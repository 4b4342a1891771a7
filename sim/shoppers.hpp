#pragma once

#include "core/session_record.hpp"
#include "sim/history_band.hpp"
#include "sim/intent.hpp"
#include "sim/item_lists.hpp"
#include "sim/shopper_view.hpp"
#include "sim/temperament.hpp"
#include "sim/world.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// A session that is going on.
struct visit {
  temperament nature; ///< the user's
  intent purpose = intent::browse;
  bool anonymous = false;
  bool leaving = false; ///< at the shopper's next step
  bool converted = false;
  history_band history = history_band::none; ///< of its last slate
  std::uint32_t query = core::session_record::no_query;
  std::uint32_t need = core::no_code;
  core::item_id favourite = core::no_item;
  std::uint32_t slates = 0;
  double patience = 0;
  double slate_values = 0;           ///< summed
  std::vector<core::item_id> shown;  ///< ascending
  std::vector<core::item_id> opened; ///< ascending
};

/// The users of a cohort as they are now: column by column, [users].
struct shoppers {
  static constexpr std::uint32_t no_visit = 0xFFFFFFFFU;

  std::vector<float> taste;  ///< [users, dimensions]
  std::vector<float> recent; ///< [users, dimensions], what boredom remembers
  std::vector<float> satisfaction;
  std::vector<std::uint32_t> profile;
  std::vector<std::uint8_t> newcomer;
  std::vector<core::time_ms> next;       ///< session, slate or leaving, whichever comes
  std::vector<core::time_ms> last_visit; ///< end of the last session
  std::vector<std::uint32_t> sessions;   ///< begun so far
  std::vector<std::uint32_t> steps;      ///< records so far
  std::vector<std::uint32_t> slates;     ///< shown so far
  std::vector<std::uint32_t> brand;      ///< bought last, or `no_code`
  std::vector<std::uint32_t> visit_slot; ///< of the session that is going on
  item_lists opened;                     ///< when logged in
  item_lists bought;

  /// Makes the users [first, first + count) of a world as they are before the run.
  shoppers(const world& market, core::user_id first, std::uint32_t count);

  core::span<float> taste_of(std::size_t user, std::uint32_t dimensions) {
    return {taste.data() + user * dimensions, dimensions};
  }

  core::span<float> recent_of(std::size_t user, std::uint32_t dimensions) {
    return {recent.data() + user * dimensions, dimensions};
  }

  /// Returns what a user wants now, in a session.
  shopper_view view(const world& market,
                    std::size_t user,
                    const visit& present,
                    core::time_ms now) const;

  std::size_t memory_bytes() const;
};

/// Inserts an item into an ascending list that has it at most once.
void insert(std::vector<core::item_id>& ascending, core::item_id item);

/// Returns when a user who could come from `ready` on starts session number `session`.
core::time_ms next_session(const world& market,
                           core::user_id user,
                           std::uint32_t session,
                           double sessions_per_day,
                           core::time_ms ready);

} // namespace souk::sim
