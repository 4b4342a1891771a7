#pragma once

#include "experiments/report/finished_run.hpp"

#include <string>

namespace souk::experiments {

/// Returns what the page's scripts draw, as JSON:
/// {"manifest": {…}, "rows": [[stage, model, metric, group, mean, ci_low, ci_high, n,
/// against, p_value, measured], …], "curves": [{"model", "name", "points": [[step,
/// epoch, value], …]}, …], "work": [{"model", "role", "process", "compute", "wait",
/// "send", "apply", "sent", "received", "queue", "restarts", "slower"}, …],
/// "plan": {…} (if there is one, as in plan.json), "configuration": "…"}.
///
/// Comparisons between policies are given for everybody together only, and curves are
/// thinned: a page stays small enough to send.
std::string page_data_of(const finished_run& run);

} // namespace souk::experiments
