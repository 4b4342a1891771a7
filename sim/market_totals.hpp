#pragma once

#include "core/span.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::sim {

/// What is counted, per group. Sums of whole numbers, so that merging in any order
/// gives the same bits; money in cents, shares in millionths.
enum class tally : std::uint8_t {
  users,       ///< who joined before the end
  sessions,    ///< begun
  converted,   ///< sessions in which something was put in the cart and bought
  searches,    ///< sessions begun with a query
  slates,      ///< shown
  impressions, ///< items shown
  clicks,
  carts,
  purchases,
  returns,
  ratings,
  stars,      ///< given in ratings
  revenue,    ///< cents, returns not deducted
  refunds,    ///< cents
  departures, ///< users who left for good
  sessions_ended,
  satisfaction,  ///< millionths, summed over sessions ended
  slate_value,   ///< millionths, summed over slates
  regret_slates, ///< slates whose regret was measured
  regret,        ///< millionths, summed over these
  ndcg,          ///< millionths, summed over these
  views,         ///< of products, from no slate
};

/// Rounds a number to whole millionths.
std::int64_t in_millionths(double value);

constexpr std::size_t num_tallies = static_cast<std::size_t>(tally::views) + 1;

/// The tallies of one group of users, slates, items or days.
struct tallies {
  std::array<std::int64_t, num_tallies> values{};

  std::int64_t& operator[](tally what) {
    return values[static_cast<std::size_t>(what)];
  }

  std::int64_t operator[](tally what) const {
    return values[static_cast<std::size_t>(what)];
  }
};

/// What happened in a market (one world under one policy), by group: `all`; users
/// (`user=regular`, `user=newcomer`, segments such as `gender=female`); slates by how
/// many items the shop knew the user to have opened (`history=0`, 1, 2, 3, 5, 10: at
/// least so many and fewer than the next), by what the session was for
/// (`intent=browse`, `search`, `buy_again`) and, in searches, by the category that the
/// query names (`query=shoes`), with all that came of them; items by days since launch
/// (`item_age=0-2`, `3-6`, `7+`, `standing`); and `day=0`, `day=1`, ...
struct market_totals {
  std::map<std::string, tallies> groups;

  /// Adds another part of the same market.
  void merge(const market_totals& other);

  /// Returns bytes that `unpack` reads back, the same for equal totals.
  std::vector<std::uint8_t> packed() const;

  /// Throws `error` for bytes that `packed` did not write.
  static market_totals unpack(core::span<const std::uint8_t> bytes);
};

/// One number about a market.
struct world_metric {
  std::string metric; ///< "click_through_rate"
  std::string group;  ///< "all", "history=3", "day=2"
  double value = 0;
  std::uint64_t n = 0;   ///< what the value is a mean over; for counts, the count
  bool is_total = false; ///< grows with the number of users
};

/// Returns what a market's totals say, group by group in name order.
///
/// Everywhere: impressions, clicks, click_through_rate (clicks per impression),
/// cart_rate (carts per click), purchase_rate (purchases per cart), purchases, revenue
/// (in the currency) and return_rate (returns per purchase). Of `all`, where there are
/// carts: carts_per_impression, purchases_per_impression and kept_per_impression
/// (purchases less returns). Where slates are grouped:
/// slates, expected_slate_value, regret (reference's value less the slate's, at the
/// shopper's present state), ndcg (gains are the weights of choice, against the
/// reference's slate) and slate_click_rate. Where sessions are: sessions,
/// clicks_per_session, searches, conversion (share of sessions that buy), satisfaction
/// (mean at the end of sessions, 0 to 1), rating (mean stars). Where users are: users,
/// sessions_per_user, purchases_per_user, revenue_per_user and churn; and where they
/// have no sessions (the published models), slates_per_user and views_per_user instead.
/// A mean over nothing is left out.
std::vector<world_metric> metrics(const market_totals& totals);

} // namespace souk::sim
