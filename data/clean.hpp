#pragma once

#include "core/dataset.hpp"
#include "data/import_report.hpp"
#include "data/options.hpp"

namespace souk::data {

/// Orders a source's events by (user, time, place in the source), which must be the
/// order in which they come.
void order_events(core::dataset& source);

/// Drops what the options say and numbers who is left in the order of their numbers
/// before. `source` has ordered events; those that come split only lose users and items
/// without events. Counts what was dropped in the report, by reason.
///
/// In this order: ratings that are not positive; duplicates; then users with too few
/// distinct items and items with too few distinct users among positive events, in turn
/// until neither drops anyone.
core::dataset
cleaned(core::dataset source, const clean_options& options, import_report& report);

} // namespace souk::data
