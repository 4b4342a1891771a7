#pragma once

#include "core/session_record.hpp"
#include "core/span.hpp"
#include "sim/best_slate.hpp"
#include "sim/delayed_events.hpp"
#include "sim/market_totals.hpp"
#include "sim/policy.hpp"
#include "sim/population.hpp"
#include "sim/record_log.hpp"
#include "sim/shoppers.hpp"
#include "sim/slate_demand.hpp"
#include "sim/tally_groups.hpp"
#include "sim/world.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace souk::sim {

/// A fixed set of a world's users, who live through simulated time.
///
/// Per tick: `begin_tick`; then `answer` as long as `demand` is not empty; then
/// `take_records`, which may also be called in between. What a user does is a pure
/// function of the world, the user's number and the slates received: it does not depend
/// on who else is in the cohort, nor on the length of ticks.
class cohort final : public population {
public:
  /// Takes the users [first, first + count) as far as the world has them, and of these
  /// only the ones of an arm (`arm_of`) if it is given: nobody else ever comes.
  cohort(std::shared_ptr<const world> market,
         core::user_id first,
         std::uint32_t count,
         std::optional<std::size_t> arm = {});

  cohort(const cohort&) = delete;
  cohort& operator=(const cohort&) = delete;

  void live(core::time_ms start, core::time_ms end, const policy& shop) override;

  /// Lets everybody live until they want a slate or the tick is over. Ticks follow one
  /// another; those in which nothing happens (`next_wake`) may be left out.
  void begin_tick(core::time_ms start, core::time_ms end);

  /// Returns everybody who wants a slate now; nobody twice.
  const slate_demand& demand() const {
    return demand_;
  }

  /// Shows a slate to everybody of the demand, and lets them live on until they want
  /// another or the tick is over. A slate that breaks the rules of `policy` is a bug.
  void answer(const policy_slates& shown);

  /// Removes and returns what has happened before the end of the tick, by (time, user,
  /// step); of what happens still, nothing is earlier in its user's life. The numbers
  /// of world and policy are left 0.
  std::vector<core::session_record> take_records() override;

  /// Returns the earliest time at which anything happens again, or the world's end.
  core::time_ms next_wake() const override;

  /// Returns what has been counted so far.
  market_totals totals() const override {
    return tallies_.named();
  }

  core::user_rows histories() const override;

  /// Returns the memory that the users' state takes, in bytes.
  std::size_t memory_bytes() const override;

private:
  struct opened_item;

  core::user_id number_of(std::size_t user) const {
    return first_ + static_cast<core::user_id>(user);
  }

  visit& visit_of(std::size_t user) {
    return visits_[people_.visit_slot[user]];
  }

  core::draw_site
  site(core::stream purpose, std::size_t user, std::uint32_t step) const {
    return {market_->seed(), purpose, number_of(user), step};
  }

  core::time_ms wake_of(std::size_t user) const;

  /// The order of the heap. Whoever sleeps does nothing, so nobody's time changes
  /// there.
  auto wakes_later() const {
    return [this](std::uint32_t a, std::uint32_t b) {
      return wake_of(a) > wake_of(b);
    };
  }

  void go_to_sleep(std::size_t user);
  void gather_demand();
  bool live_until_slate(std::size_t user);
  void add_to_demand(std::size_t user);

  // A session (cohort_session.cpp).
  void begin_session(std::size_t user);
  void seek_again(std::size_t user, visit& present);
  void seek_by_query(std::size_t user, visit& present);
  void log_in(std::size_t user, visit& present);
  void end_session(std::size_t user);

  // What a session begins with (cohort_list.cpp).
  void buy_list(std::size_t user, visit& present);
  void take_from_list(std::size_t user, visit& present, core::item_id item);
  void check_out(std::size_t user,
                 visit& present,
                 const std::vector<core::item_id>& list,
                 core::time_ms wait);

  // A slate (cohort_slate.cpp).
  void show(std::size_t row, const policy_slates& shown);
  std::uint32_t show_items(std::size_t row, const policy_slates& shown);
  void log_impressions(std::size_t user,
                       const core::session_record& shared,
                       core::span<const core::item_id> items,
                       const float* propensities);
  double value_slate(std::size_t row, core::span<const core::item_id> slate);
  opened_item
  open(std::size_t row, core::item_id item, std::uint32_t position, core::time_ms when);
  void measure_regret(std::size_t row, double value);

  // What follows (cohort_aftermath.cpp).
  void happen(std::size_t user, const delayed_event& event);
  void happen_purchase(std::size_t user, const delayed_event& event);
  void happen_return(std::size_t user, const delayed_event& event);
  void happen_rating(std::size_t user, const delayed_event& event);
  double experience_of(std::size_t user, const delayed_event& event) const;

  /// Logs a record of a user, unless the run is over by then; numbers its step.
  bool log(std::size_t user, core::session_record record);
  void add(std::size_t user, core::time_ms when, tally what, std::int64_t amount = 1);
  void add_of_item(std::size_t user,
                   core::item_id item,
                   core::time_ms when,
                   tally what,
                   std::int64_t amount = 1);
  /// The same, of what comes of the last slate at once.
  void add_of_slate_item(std::size_t user,
                         core::item_id item,
                         core::time_ms when,
                         tally what);
  /// The same, of what comes of a slate later, or of none.
  void add_of_event(std::size_t user,
                    const delayed_event& event,
                    tally what,
                    std::int64_t amount = 1);
  /// Adds to the groups of a user's last slate.
  void add_of_slate(std::size_t user, tally what, std::int64_t amount);
  std::size_t known_items(std::size_t user) const;

  std::shared_ptr<const world> market_;
  core::user_id first_;
  shoppers people_;
  delayed_events delayed_;
  std::vector<visit> visits_;
  std::vector<std::uint32_t> free_visits_;
  tally_groups tallies_;
  record_log records_;
  slate_demand demand_;
  std::vector<std::uint32_t> awake_;  ///< users of the tick, then of the demand's rows
  std::vector<std::uint32_t> asleep_; ///< heap of users, earliest `wake_of` on top
  core::time_ms tick_end_ = 0;

  // Scratch.
  std::vector<float> utilities_;
  std::vector<double> weights_;
  std::vector<core::item_id> best_items_;
  std::vector<core::item_id> row_items_;
  std::vector<core::item_id> bought_items_;
  best_slate_finder finder_;
};

} // namespace souk::sim
