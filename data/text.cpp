#include "data/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace souk::data {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Length of the UTF-8 sequence at the front, or 0 if there is none (overlong forms and
/// surrogates included).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&byte](std::size_t i) {
    return (byte(i) & 0xC0U) == 0x80U;
  };
  const auto first = byte(0);
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first <= 0xDF && continues(1))
    return 2;
  if (first >= 0xE0 && first <= 0xEF && continues(1) && continues(2)
      && !(first == 0xE0 && byte(1) < 0xA0) && !(first == 0xED && byte(1) > 0x9F))
    return 3;
  if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3)
      && !(first == 0xF0 && byte(1) < 0x90) && !(first == 0xF4 && byte(1) > 0x8F))
    return 4;
  return 0;
}

/// Takes an unsigned number of at most `digits_max` digits off the front.
std::optional<std::int64_t> take_digits(std::string_view& text,
                                        std::size_t digits_max) {
  std::int64_t value = 0;
  std::size_t length = 0;
  while (length < text.size() && length < digits_max && is_digit(text[length]))
    value = value * 10 + (text[length++] - '0');
  if (length == 0)
    return {};
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected)
    return false;
  text.remove_prefix(1);
  return true;
}

/// Takes the digits after a point and returns their first three as milliseconds.
std::int64_t take_milliseconds(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t length = 0;
  for (; length < text.size() && is_digit(text[length]); ++length)
    if (length < 3)
      value = value * 10 + (text[length] - '0');
  for (auto i = length; i < 3; ++i)
    value *= 10;
  text.remove_prefix(length);
  return value;
}

/// Days since 1970 of a date in the proleptic Gregorian calendar.
std::int64_t days_from_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  // Years that begin in March put the leap day last, so that months have one formula.
  if (month <= 2)
    --year;
  const auto era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = year - era * 400;
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const auto day_of_era =
    year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

bool is_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year > 9999 || month < 1 || month > 12 || day < 1)
    return false;
  const auto leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap);
}

/// Reads "", "10:51", "10:51:09.277" with an offset such as "Z" or "+01:00" after it.
std::optional<core::time_ms> to_time_of_day(std::string_view text) {
  if (text.empty())
    return 0;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':'))
    return {};
  const auto minute = take_digits(text, 2);
  std::optional<std::int64_t> second = 0;
  std::int64_t fraction = 0;
  if (take(text, ':')) {
    second = take_digits(text, 2);
    if (take(text, '.'))
      fraction = take_milliseconds(text);
  }
  if (!minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return {};
  const auto time = *hour * core::hour_ms + *minute * core::minute_ms
                    + *second * core::second_ms + fraction;
  text = trimmed(text);
  if (text.empty() || text == "Z" || text == "UTC")
    return time;
  const auto sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-'))
    return {};
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const auto minutes = text.empty() ? 0 : take_digits(text, 2);
  if (!hours || !minutes || !text.empty())
    return {};
  return time - sign * (*hours * core::hour_ms + *minutes * core::minute_ms);
}

std::optional<core::time_ms> to_calendar_time(std::string_view text,
                                              time_format format) {
  const auto separator = format == time_format::iso ? '-' : '/';
  const auto first = take_digits(text, 4);
  if (!take(text, separator))
    return {};
  const auto second = take_digits(text, 2);
  if (!take(text, separator))
    return {};
  const auto third = take_digits(text, 4);
  if (!first || !second || !third)
    return {};
  auto year = *third;
  auto month = *second;
  auto day = *first;
  if (format == time_format::iso) {
    year = *first;
    day = *third;
  } else if (format == time_format::month_day_year) {
    month = *first;
    day = *second;
  }
  if (!is_date(year, month, day))
    return {};
  if (!take(text, 'T') && !take(text, ' ') && !text.empty())
    return {};
  const auto time_of_day = to_time_of_day(text);
  if (!time_of_day)
    return {};
  return days_from_date(year, month, day) * core::day_ms + *time_of_day;
}

/// Reads a count of seconds or milliseconds without passing through floating point
/// where it is spelled plainly.
std::optional<core::time_ms> to_counted_time(std::string_view text,
                                             time_format format) {
  constexpr double latest = 253402300800.0; // seconds: the year 10000
  auto rest = text;
  const auto whole = take_digits(rest, 15);
  if (whole && (rest.empty() || rest.front() == '.')) {
    const auto fraction = take(rest, '.') ? take_milliseconds(rest) : 0;
    if (!rest.empty())
      return {};
    const auto in_milliseconds =
      format == time_format::milliseconds
      || (format == time_format::automatic && *whole >= 100'000'000'000);
    const auto time = in_milliseconds ? *whole : *whole * 1000 + fraction;
    return static_cast<double>(time) < latest * 1000 ? std::optional{time}
                                                     : std::nullopt;
  }
  const auto number = to_number(text);
  if (!number || std::abs(*number) >= latest * 1000)
    return {};
  const auto in_milliseconds = format == time_format::milliseconds
                               || (format == time_format::automatic && *number >= 1e11);
  if (!in_milliseconds && std::abs(*number) >= latest)
    return {};
  return std::llround(in_milliseconds ? *number : *number * 1000);
}

} // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string to_utf8(std::string_view text) {
  auto rest = text;
  while (!rest.empty()) {
    const auto length = utf8_length(rest);
    if (length == 0)
      break;
    rest.remove_prefix(length);
  }
  if (rest.empty())
    return std::string{text};
  std::string converted;
  for (const auto c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      converted += c;
    } else {
      converted += static_cast<char>(0xC0U | (byte >> 6));
      converted += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return converted;
}

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stopped != end || !std::isfinite(value))
    return {};
  return value;
}

std::optional<time_format> time_format_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, time_format>, 6> formats{{
    {"automatic", time_format::automatic},
    {"seconds", time_format::seconds},
    {"milliseconds", time_format::milliseconds},
    {"iso", time_format::iso},
    {"day_month_year", time_format::day_month_year},
    {"month_day_year", time_format::month_day_year},
  }};
  for (const auto& [known, format] : formats)
    if (known == name)
      return format;
  return {};
}

std::optional<core::time_ms> to_time(std::string_view text, time_format format) {
  if (format == time_format::automatic && text.size() > 4 && text.substr(4, 1) == "-")
    return to_calendar_time(text, time_format::iso);
  if (format == time_format::automatic || format == time_format::seconds
      || format == time_format::milliseconds)
    return to_counted_time(text, format);
  return to_calendar_time(text, format);
}

} // namespace souk::data
