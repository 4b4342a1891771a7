#pragma once

#include "core/result_row.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

/// Returns a number as people read it: 0.4219, 12.35, 1,234.
std::string in_words(double value);

/// Returns a count with its noun: "1 world", "2,500 users".
std::string counted(std::uint64_t count, const std::string& noun);

/// Returns "a, b and c".
std::string listed(const std::vector<std::string>& names);

/// Returns " (95% interval 0.41 to 0.43)", or nothing where none is known.
std::string interval_in_words(const core::result_row& row);

/// Returns how sure a comparison is: "p = 0.012 after Holm's correction".
std::string certainty_of(const core::result_row& comparison);

/// Means of one stage, metric and group, best first (ties in the order of the rows);
/// measurements, comparisons and what is not finite left out.
std::vector<core::result_row> ranked(const std::vector<core::result_row>& rows,
                                     const std::string& stage,
                                     const std::string& metric,
                                     const std::string& group);

/// The comparison of two models, turned so that it reads model - against.
std::optional<core::result_row> compared(const std::vector<core::result_row>& rows,
                                         const core::result_row& model,
                                         const std::string& against);

/// The metric that a stage is summed up by: ndcg if there is one, else the first that
/// is compared; empty if there is none.
std::string headline_metric(const std::vector<core::result_row>& rows,
                            const std::string& stage);

} // namespace souk::experiments
