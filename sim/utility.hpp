#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"
#include "sim/campaigns.hpp"
#include "sim/catalogue.hpp"
#include "sim/options.hpp"
#include "sim/shopper_view.hpp"

#include <vector>

namespace souk::sim {

/// What an item is worth to a shopper at one moment: taste (less boredom), quality,
/// popularity, price on the day, novelty, the session's need and the brand bought last.
///
/// One item and all items give the same bits.
class utility_model {
public:
  /// Catalogue and campaigns must live as long.
  utility_model(const catalogue& items,
                const choice_options& options,
                const campaigns& sales);

  /// Returns the utility of one item.
  float of(const shopper_view& shopper, core::item_id item) const;

  /// Writes the utilities of all items, launched or not: [num_items].
  void of_all(const shopper_view& shopper, core::span<float> out) const;

private:
  bool is_new(const shopper_view& shopper, core::item_id item) const;

  const catalogue* items_;
  const campaigns* sales_;
  std::uint32_t novelty_days_;
  std::vector<core::item_id> launched_; ///< during the run
  std::vector<float> base_;             ///< quality and popularity, weighted
  std::vector<float> transposed_;       ///< item vectors, [dimensions, num_items]
};

} // namespace souk::sim
