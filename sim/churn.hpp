#pragma once

#include "sim/options.hpp"

namespace souk::sim {

/// Returns the chance that a user never comes back after a session, by satisfaction;
/// `start` is the satisfaction at which it is `churn.chance`.
double churn_chance(const churn_options& options, double start, double satisfaction);

} // namespace souk::sim
