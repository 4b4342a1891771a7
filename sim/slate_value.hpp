#pragma once

#include "core/span.hpp"
#include "sim/slate_demand.hpp"

namespace souk::sim {

/// Returns the chance that a row's shopper opens any item of a slate as they are now,
/// over what is looked at and what is chosen: what `expected_slate_value` is a mean of.
/// Only measurements may ask: it looks at `truth`.
double expected_value_of(const slate_demand& demand,
                         std::size_t row,
                         core::span<const core::item_id> slate);

} // namespace souk::sim
