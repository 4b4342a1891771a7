#pragma once

#include "sim/options.hpp"

namespace souk::sim {

/// Returns how much a session pleased, from 0 to 1, given the mean expected value of
/// the slates it was shown: value / (value + half_value).
double session_experience(const satisfaction_options& options, double mean_slate_value);

/// Returns how much a purchase pleased, from 0 to 1, given its quality and a uniform
/// draw: what one could not know before.
double purchase_experience(double quality, double surprise);

/// Moves satisfaction towards an experience by a rate (exponential smoothing).
double moved_towards(double satisfaction, double experience, double rate);

/// Returns the factor on a user's rate of sessions: contented people come more often.
double arrival_factor(const satisfaction_options& options, double satisfaction);

} // namespace souk::sim
