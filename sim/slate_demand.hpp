#pragma once

#include "core/attributes.hpp"
#include "core/interactions.hpp"
#include "core/random.hpp"
#include "core/recommender.hpp"
#include "core/session_record.hpp"
#include "sim/shopper_view.hpp"
#include "sim/world.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// Everybody who wants a slate now, and what a policy may see of them. All parts are
/// parallel by row.
struct slate_demand {
  const world* market = nullptr;
  std::size_t slate_size = 0;
  std::vector<core::user_id> users;
  std::vector<core::time_ms> times; ///< when each slate is shown
  /// Who has not logged in: their history is that of the session, attributes missing.
  std::vector<std::uint8_t> anonymous;
  core::interactions history; ///< items opened so far, as far as the shop knows
  /// Items that a row's slate must not have, for reasons of its own: bought before, or
  /// shown in this session.
  core::interactions barred;
  std::vector<std::uint32_t> queries; ///< what is searched for, or `no_query`
  /// The only items that a row's slate is chosen from; no rows where that is everything
  /// for sale, or what a search finds.
  core::interactions offered;
  core::attribute_table attributes;   ///< of the users; no columns where none are known
  std::vector<core::draw_site> sites; ///< for the policy's own randomness
  /// What each shopper wants. Only the reference policy and measurements may look.
  std::vector<shopper_view> truth;

  bool empty() const {
    return users.empty();
  }

  std::size_t num_rows() const {
    return users.size();
  }

  /// Returns the day of a row's slate, which tells what is for sale.
  std::uint32_t day(std::size_t row) const {
    return static_cast<std::uint32_t>(times[row] / core::day_ms);
  }
};

/// Returns the items from which a row's slate is chosen, without looking at `barred`:
/// those for sale, those offered, or in a search those found, which may hold items not
/// yet for sale.
core::span<const core::item_id> candidates(const slate_demand& demand, std::size_t row);

/// Whether `candidates` are a list of the row's own, not everything for sale.
bool has_own_candidates(const slate_demand& demand, std::size_t row);

/// Whether a slate of that row may show an item of its `candidates`.
bool may_show(const slate_demand& demand, std::size_t row, core::item_id item);

/// Tells quickly, for many items of one row, what its slate may show. Keeps scratch
/// memory for one thread, [num_items].
class row_filter {
public:
  /// Turns to a row of a demand, which must live as long as it is asked about.
  void turn_to(const slate_demand& demand, std::size_t row);

  /// Says the same as `may_show`, until items are taken.
  bool allows(core::item_id item) const {
    return barred_[item] != turn_ && launch_day_[item] <= day_;
  }

  /// Bars an item from now on: it is in the slate.
  void take(core::item_id item) {
    barred_[item] = turn_;
  }

private:
  std::vector<std::uint32_t> barred_; ///< the last turn in which an item was barred
  std::uint32_t turn_ = 0;
  const std::uint32_t* launch_day_ = nullptr;
  std::uint32_t day_ = 0;
};

/// Returns what each row's slate is chosen from, besides what `barred` has: views into
/// the demand and its world.
std::vector<core::assortment> assortments_of(const slate_demand& demand);

} // namespace souk::sim
