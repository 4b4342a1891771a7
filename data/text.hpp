#pragma once

#include "core/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Words and numbers as sources spell them.
namespace souk::data {

/// Returns the text without spaces and tabs at either end.
std::string_view trimmed(std::string_view text);

/// Returns the text in lower case; ASCII only.
std::string lower_case(std::string_view text);

bool is_ascii(std::string_view text);

/// Returns the text if it is UTF-8, else what it says as Latin-1.
std::string to_utf8(std::string_view text);

/// Reads a finite number that fills the whole text, or nothing.
std::optional<double> to_number(std::string_view text);

enum class time_format {
  automatic,
  seconds,
  milliseconds,
  iso,
  day_month_year,
  month_day_year,
};

/// Returns the format of that name, or nothing.
std::optional<time_format> time_format_of(std::string_view name);

/// Reads a moment, UTC unless it names an offset, cut off at the millisecond:
/// "978300760", "1396860669.277", "2014-04-07T10:51:09.277Z", "2010-12-01 08:26:00",
/// "12/1/2010 8:26". Nothing if it is none, or lies beyond the years 0 to 9999.
std::optional<core::time_ms> to_time(std::string_view text, time_format format);

} // namespace souk::data
