#pragma once

#include "experiments/report/finished_run.hpp"

#include <optional>
#include <string>

namespace souk::experiments {

/// Makes a row of results; the interval reaches `half` to either side.
core::result_row row_of(const std::string& stage,
                        const std::string& model,
                        const std::string& metric,
                        const std::string& group,
                        double mean,
                        double half = 0,
                        std::uint64_t n = 100);

/// Makes it the row of a comparison.
core::result_row
against(core::result_row row, const std::string& other, std::optional<double> p_value);

/// A run that has everything: two models, strangers, and a shop with three policies.
finished_run whole_run();

} // namespace souk::experiments
