#pragma once

#include "eval/realism/visits.hpp"
#include "sim/options.hpp"

#include <map>
#include <string>

namespace souk::experiments {

/// Which statistic of a log identified a parameter, by its dotted key.
using identifications = std::map<std::string, std::string>;

/// Sets what can be read off a log: calendar, length, users, items, prices, return
/// delays, and where a search for the rest starts (activity, lists, popularity). Keys
/// that the log identifies are noted with the statistic; the others stay as they are.
void fit_moments(const eval::realism::behaviour& log,
                 const eval::realism::visit_log& visits,
                 sim::simulation_options& options,
                 identifications& notes);

} // namespace souk::experiments
