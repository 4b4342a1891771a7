#pragma once

#include <string>

namespace souk::core {

/// Seconds of wall-clock time since an arbitrary moment: for measurements only, never
/// for results.
double seconds_now();

/// The present UTC time, as in "2026-01-01T12:00:00Z".
std::string utc_now();

/// The present UTC time without punctuation, as in "20260101T120000Z": for folder
/// names.
std::string compact_utc_now();

} // namespace souk::core
