#pragma once

#include <string>

/// What souk says while it works: to stderr, and with times to the run's log.txt.
/// Data goes to stdout and never through here. Calls are safe from any thread.
namespace souk::core::log {

void info(const std::string& text);
void warning(const std::string& text);
void failure(const std::string& text);

/// Also writes everything, with times, to this file from now on.
void also_to_file(const std::string& path);

/// Says nothing on stderr below a failure (`--quiet`, children of a run).
void only_failures_on_stderr();

} // namespace souk::core::log
