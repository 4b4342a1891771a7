#pragma once

#include "core/session_record.hpp"
#include "sim/cohort.hpp"
#include "sim/slate_demand.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::sim {

/// What a shopper's reaction is worth to somebody who learns to make slates.
enum class slate_reward {
  clicks,    ///< on slates
  purchases, ///< of anything, when they happen; returns are not deducted
  revenue,   ///< of purchases, in the currency
};

struct episode_options {
  slate_reward reward = slate_reward::clicks;
  /// How long shoppers live on together before those who want a slate are answered. 0:
  /// the whole run, so that everybody waits at once, each at a time of their own.
  core::time_ms tick = 0;
};

/// What became of the last slates: all are [slots].
struct episode_outcome {
  std::vector<double> rewards;
  std::vector<std::uint8_t> terminated; ///< the session is over
  std::vector<std::uint8_t> truncated;  ///< the run's days are over, the session not
  std::vector<core::item_id> clicked;   ///< what was opened, or `no_item`
  std::vector<std::vector<core::item_id>> bought; ///< since told last, in time's order
};

/// A world's population as a vector of environments that are shown slates: reset and
/// step, as Brockman et al. (arXiv 1606.01540) made customary.
///
/// Slot i is user i for good; when a session ends, the slot's next observation is of
/// the user's next session. `demand` has a row for every slot that waits for a slate.
/// What happens to a user after a slate and before the next (a click, and purchases
/// from any session so far) is the former's reward: it is told when the user waits
/// again, or never will. Rewards over an episode add up to what the log of the market
/// says.
///
/// An episode is a function of the world and the slates, to the bit.
class episode {
public:
  /// Lets everybody live until somebody wants a slate. The world's people are shoppers:
  /// those of a published model (`is_published_model`) want steps of another kind.
  episode(std::shared_ptr<const world> market, const episode_options& options);

  std::size_t num_slots() const {
    return answered_.size();
  }

  const world& market() const {
    return *market_;
  }

  /// Returns who waits; `users` are the slots.
  const slate_demand& demand() const {
    return people_.demand();
  }

  /// Returns how many items a row's slate has: `slate_size`, or all that may be shown.
  std::size_t slate_length(std::size_t row) const {
    return lengths_[row];
  }

  /// Whether nobody will want a slate any more.
  bool is_over() const {
    return demand().empty();
  }

  /// Throws `error` of the request for rows too many or few, and for a slate of another
  /// length, with an item that is unknown, not for sale, barred or not found by the
  /// search, or with one twice.
  void check(const std::vector<std::vector<core::item_id>>& slates);

  /// Shows a slate to every row of the demand and lets everybody live on until somebody
  /// wants another. Throws what `check` throws, and then changes nothing.
  episode_outcome step(const std::vector<std::vector<core::item_id>>& slates);

  /// Returns what happened in the last step, by (time, user, step).
  const std::vector<core::session_record>& records() const {
    return records_;
  }

private:
  void check_slate(std::size_t row, core::span<const core::item_id> slate);
  void live_on();
  void note(const core::session_record& record);
  bool is_on_slate(const core::session_record& click) const;
  void measure_demand();
  episode_outcome settle();

  std::shared_ptr<const world> market_;
  episode_options options_;
  cohort people_;
  core::time_ms tick_end_ = 0;
  std::vector<std::size_t> lengths_; ///< by row
  std::vector<core::session_record> records_;

  // By slot: what has happened since it was last told.
  std::vector<std::int64_t> earned_; ///< events, or cents
  std::vector<std::uint32_t> shown_; ///< slates so far, ever
  std::vector<core::item_id> clicked_;
  std::vector<std::vector<core::item_id>> bought_;
  std::vector<std::uint8_t> answered_;
  std::vector<std::uint8_t> session_over_;
  std::vector<std::uint8_t> waiting_;

  row_filter filter_;
};

} // namespace souk::sim
