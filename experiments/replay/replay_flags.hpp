#pragma once

#include "experiments/command_line.hpp"

namespace CLI {

class App;

} // namespace CLI

namespace souk::experiments {

/// Adds the flags of `souk replay`, which write into `parsed`.
void add_replay_flags(CLI::App& app, command& parsed);

} // namespace souk::experiments
