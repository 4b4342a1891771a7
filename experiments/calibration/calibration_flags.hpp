#pragma once

#include "experiments/command_line.hpp"

namespace CLI {

class App;

} // namespace CLI

namespace souk::experiments {

/// Adds the flags of `souk realism`, which write into `parsed`.
void add_realism_flags(CLI::App& app, command& parsed);

/// Adds the flags of `souk calibrate`, which write into `parsed`.
void add_calibrate_flags(CLI::App& app, command& parsed);

} // namespace souk::experiments
