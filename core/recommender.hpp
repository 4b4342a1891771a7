#pragma once

#include "core/attributes.hpp"
#include "core/interactions.hpp"
#include "core/random.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::core {

/// What a row's slate is chosen from, in lists that many rows may share; items ascend,
/// and none is listed twice.
struct assortment {
  /// The only items that may appear; without a list, all items of the model.
  std::optional<span<const item_id>> only;
  /// Items that must not appear either.
  span<const item_id> without;
};

/// For whom to rank, and what is known about them. All parts are parallel by row.
struct rank_request {
  /// What the recommender may know of each user's past. Columns are the model's items.
  const interactions* history = nullptr;
  /// Items that must not appear (usually what the user already has), or null.
  const interactions* excluded = nullptr;
  /// What each row's slate is chosen from, or null for all items of the model.
  const std::vector<assortment>* assortments = nullptr;
  /// What is known about the users themselves, or null for strangers.
  const attribute_table* attributes = nullptr;
  /// Length of a slate; at most the number of items is filled.
  std::size_t slate_size = 10;
  /// Draws each row's code from the model's posterior under the row's site, instead of
  /// taking its mean; null, or for a recommender that `has_posterior`.
  const std::vector<draw_site>* posterior = nullptr;
};

/// Ranked items: row-major [rows, slate_size], best first.
struct slates {
  std::size_t slate_size = 0;
  std::vector<item_id> items; ///< `no_item` where fewer candidates were left
  std::vector<float> scores;  ///< -infinity beside `no_item`

  std::size_t num_rows() const {
    return slate_size == 0 ? 0 : items.size() / slate_size;
  }

  span<const item_id> row(std::size_t index) const {
    return {items.data() + index * slate_size, slate_size};
  }
};

/// Ranks items for users: a trained model, a rule, or chance.
///
/// Const calls are safe from several threads. A row's slate is a pure function of that
/// row: it does not depend on who is ranked beside it, on the number of rows or on
/// threads. Ties go to the lower item number.
class recommender {
public:
  virtual ~recommender() = default;

  /// The name in results and reports ("mult_vae").
  virtual std::string name() const = 0;

  virtual std::size_t num_items() const = 0;

  /// Whether it is sure of users only up to a distribution that can be drawn from.
  virtual bool has_posterior() const {
    return false;
  }

  /// Ranks for every row of the request.
  virtual slates rank(const rank_request& request) const = 0;

  /// Writes the scores that `rank` ranks by into `out`, [rows, num_items]; -infinity
  /// for items that must not appear.
  virtual void score(const rank_request& request, span<float> out) const = 0;
};

} // namespace souk::core
