#pragma once

#include "core/interactions.hpp"
#include "eval/item_counts.hpp"
#include "eval/rows.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// How events gather on few items, in simulated markets and in the data behind them.
///
/// Shares are of the whole catalogue, items without any event among them, so that a
/// policy that shows few items is not taken for one that treats them alike.
namespace souk::eval {

/// The model whose rows are those of the training data.
constexpr const char* real_events = "real";

/// Returns what one market's counts say: of clicks the `popularity_share` of the most
/// popular items, groups `top=0.1%`, `0.5%`, `1%`, `2%`, `5%`, `10%`, `20%` and `50%`,
/// and the Gini coefficient `gini`, group `all`; of purchases likewise
/// `purchase_popularity_share` and `purchase_gini`. Nothing of what never happened.
std::vector<world_value> popularity_values(const std::string& policy,
                                           std::uint32_t world,
                                           const item_counts& counts);

/// Returns `popularity_share` and `gini` of the users' interactions as rows of stage
/// `online` and model `real`, without sampling error; nothing where there are none.
std::vector<core::result_row> real_popularity_rows(const core::interactions& training);

} // namespace souk::eval
