#pragma once

#include "core/ids.hpp"
#include "core/session_record.hpp"
#include "core/span.hpp"
#include "sim/history_band.hpp"
#include "sim/intent.hpp"
#include "sim/market_totals.hpp"
#include "sim/world.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// The state in which a slate was shown, as far as it is counted by.
struct slate_origin {
  history_band history = history_band::none;
  intent purpose = intent::browse;
  std::uint32_t query = core::session_record::no_query;
};

/// The totals that a cohort keeps while it lives, with groups by number, not by name.
class tally_groups {
public:
  explicit tally_groups(const world& market);

  /// What a user's event counts for besides `all`.
  struct user_groups {
    bool newcomer = false;
    core::span<const std::uint16_t> segments;
    std::uint32_t day = 0;
  };

  /// Adds to `all` and to the groups of a user, and of the day.
  void add(const user_groups& who, tally what, std::int64_t amount);

  /// Adds to the groups of a slate, or of the one that something came of: of how many
  /// items the shop knew of, of what the session was for and, in a search, of the
  /// category that its query names.
  void add_of_slate(const slate_origin& from, tally what, std::int64_t amount);

  /// Counts an impression of each item by its age on a day.
  void add_impressions(core::span<const core::item_id> items, std::uint32_t day);

  /// Adds to the group of an item's age on a day.
  void
  add_by_age(core::item_id item, std::uint32_t day, tally what, std::int64_t amount);

  /// Returns the totals by name; groups in which nothing happened are left out.
  market_totals named() const;

private:
  const world* market_;
  tallies all_;
  std::vector<tallies> kinds_; ///< regular, newcomer
  std::vector<tallies> segments_;
  std::vector<tallies> histories_;
  std::vector<tallies> purposes_;
  std::vector<tallies> queries_; ///< by category
  std::vector<tallies> ages_;
  std::vector<tallies> days_;
};

} // namespace souk::sim
