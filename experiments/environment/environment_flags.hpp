#pragma once

#include "experiments/command_line.hpp"
#include "experiments/environment/conversation.hpp"

namespace CLI {

class App;

} // namespace CLI

namespace souk::experiments {

/// Adds the flags of `souk environment`, which write into `parsed`.
void add_environment_flags(CLI::App& app, command& parsed);

/// Returns the word of a reward.
std::string to_string(sim::slate_reward reward);

/// Returns what the words ask of a file's simulation. Throws `core::error` of the
/// request.
environment_options options_of(const environment_words& words,
                               const std::string& name,
                               sim::simulation_options shop);

} // namespace souk::experiments
