#pragma once

#include "core/random.hpp"
#include "core/span.hpp"
#include "sim/catalogue.hpp"
#include "sim/options.hpp"
#include "sim/shopper_view.hpp"

#include <vector>

namespace souk::sim {

/// The most that a session's list holds.
constexpr std::uint32_t max_list = 400;

/// Places of the uniforms of a session's list: its length, the time at checkout, and
/// what is on it.
constexpr std::uint32_t list_length_draw = 0;
constexpr std::uint32_t checkout_draw = 1;
constexpr std::uint32_t first_entry_draw = 2;

/// Draws how many items a session's list has, given a uniform for the session and a
/// standard normal of the user: at least 1, at most `max_list`.
///
/// Before rounding, P(length > x) = 2^-((x / m)^shape), where m = items *
/// e^(user_spread
/// * user) is the user's median.
std::uint32_t
list_length(const shopping_list_options& options, double user, double session);

/// Items by popularity among those for sale: what comes to mind without being shown.
class planned_items {
public:
  planned_items() = default;

  /// `by_launch` are all items in the order in which they come into the shop; it must
  /// outlive this.
  planned_items(const catalogue& items, const std::vector<core::item_id>& by_launch);

  /// Draws one of the first `for_sale` items in proportion to its popularity, given a
  /// uniform.
  core::item_id draw(std::size_t for_sale, double uniform) const;

private:
  const std::vector<core::item_id>* by_launch_ = nullptr;
  std::vector<double> cumulative_; ///< popularity, in that order
};

/// What a list is drawn from.
struct list_source {
  const catalogue* items = nullptr;
  const planned_items* plans = nullptr;
  std::size_t for_sale = 0;
  const shopper_view* shopper = nullptr; ///< whose taste picks
  core::span<const core::item_id> bought;
  double again = 0; ///< chance that an entry was bought before
};

/// Draws a list of distinct items. An entry is one of those bought before, each as
/// likely, or else the choice (multinomial logit over taste) among `considered` items
/// that come to mind. An entry that is on the list already is drawn anew; the list ends
/// short where that fails too often. Uses the uniforms
/// of `draws` from `first_entry_draw` on.
std::vector<core::item_id> draw_list(const shopping_list_options& options,
                                     const list_source& source,
                                     std::uint32_t length,
                                     const core::draw_site& draws);

} // namespace souk::sim
