#pragma once

#include "sim/catalogue.hpp"
#include "sim/options.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// Which items cost less on which days, and how many more people come.
///
/// An item is part of a campaign by chance. Where campaigns overlap, the larger
/// discount counts, and their effects on arrivals multiply.
class campaigns {
public:
  campaigns(const std::vector<campaign_options>& options,
            const catalogue& items,
            double price_spread,
            std::uint32_t days,
            std::uint64_t seed);

  /// Returns an item's price on a day, in cents, at least 1.
  std::int32_t price_cents(core::item_id item, std::uint32_t day) const {
    return active_[day].empty() ? items_->price_cents[item] : reduced(item, day);
  }

  /// Returns by how many standard deviations of log price within its category an item
  /// is cheaper on a day than it usually is.
  float relief(core::item_id item, std::uint32_t day) const;

  /// Returns the items that a day's campaigns have, ascending.
  core::span<const core::item_id> reduced_items(std::uint32_t day) const {
    return reduced_[day];
  }

  /// Returns the factor on the rate at which people come on a day.
  double arrivals(std::uint32_t day) const {
    return arrivals_[day];
  }

private:
  std::int32_t reduced(core::item_id item, std::uint32_t day) const;
  double discount(core::item_id item, std::uint32_t day) const;

  struct campaign {
    double discount;
    std::vector<core::item_id> items; ///< ascending
  };

  const catalogue* items_;
  double price_spread_;
  std::vector<campaign> all_;
  std::vector<std::vector<std::uint32_t>> active_;  ///< [days], numbers of campaigns
  std::vector<std::vector<core::item_id>> reduced_; ///< [days]
  std::vector<double> arrivals_;                    ///< [days]
};

} // namespace souk::sim
