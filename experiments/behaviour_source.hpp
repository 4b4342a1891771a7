#pragma once

#include "core/progress.hpp"
#include "eval/realism/behaviour.hpp"

#include <string>

namespace souk::experiments {

/// Reads what people did from whatever a user calls a log:
///
/// - a run's folder: what its synthetic users did in world 0 under `policy` (empty: the
///   run's first), or its dataset if it simulated nothing;
/// - a YAML file: an experiment's, or a block as in configs/data/. The source is read
///   without the cleaning that models need: everyone's behaviour counts, also that of
///   users with few events and of those who rated badly;
/// - a dataset.h5.
///
/// Throws `core::error` (of the request) for anything else, and where a policy is named
/// that a run does not have.
eval::realism::behaviour read_behaviour(const std::string& path,
                                        const std::string& policy,
                                        core::progress& progress);

} // namespace souk::experiments
