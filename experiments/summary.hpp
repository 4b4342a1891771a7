#pragma once

#include "core/result_row.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// Says in a few tables what a run came to: models by ranking metric, models by how
/// much is known of a stranger, policies by what shoppers did.
std::string summary_of(const std::vector<core::result_row>& rows);

/// Puts several runs side by side: a line per stage, model, metric and group (days and
/// comparisons left out), a column per run.
std::string comparison_of(const std::vector<std::string>& names,
                          const std::vector<std::vector<core::result_row>>& runs);

} // namespace souk::experiments
