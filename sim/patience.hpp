#pragma once

#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// Returns a session's patience: the user's, times a log-normal mood of mean 1 given
/// by a standard normal. Moods make session lengths heavy-tailed.
double
session_patience(const patience_options& options, double user_patience, double mood);

/// Returns the chance to end a session after a slate: 1 / (1 + patience) without a
/// click, so that sessions without clicks last 1 + patience slates on average; less
/// after a click, and `need_met` at least once something is going to be bought.
double leaving_chance(const patience_options& options,
                      double patience,
                      bool clicked,
                      bool buys);

} // namespace souk::sim
