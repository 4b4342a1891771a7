#pragma once

#include "core/result_row.hpp"
#include "data/recorded_log.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// Says in tables what a replay came to: means with intervals, means by position in the
/// session and by length of history, events by what became of them, latencies.
std::string text_of_replay(const std::vector<core::result_row>& rows);

/// Names the items that the model does not know, the most frequent ones by name; empty
/// where it knows all.
std::string
unknown_in_words(const std::vector<std::pair<std::string, std::uint64_t>>& unknown);

} // namespace souk::experiments
