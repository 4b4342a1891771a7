#pragma once

#include "core/run_status.hpp"

#include <string>

namespace souk::experiments {

/// Says what a run is doing, for people: some lines and a table of its roles.
std::string text_of(const core::run_status& status);

/// The same for programs: one indented JSON object. `seconds_left` is null where it is
/// not known, `times_slower` where a role is not slow.
std::string json_of(const core::run_status& status);

} // namespace souk::experiments
