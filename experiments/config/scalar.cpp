#include "experiments/config/scalar.hpp"

#include "core/ids.hpp"
#include "experiments/config/position.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

namespace souk::experiments {

namespace {

constexpr const char* digits = "0123456789";

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&text](const char* word) { return text == word; });
}

std::string lower(std::string text) {
  for (auto& letter : text)
    if (letter >= 'A' && letter <= 'Z')
      letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

std::string without_sign(const std::string& text) {
  return text.substr(!text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0);
}

bool holds_only(const std::string& text, const char* characters) {
  return text.find_first_not_of(characters) == std::string::npos;
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

/// 0x1F, 0o17, 0b11
bool has_another_base(const std::string& text) {
  return text.size() > 2 && text[0] == '0' && std::strchr("xXoObB", text[1])
         && holds_only(text.substr(2), "0123456789abcdefABCDEF_");
}

/// 12:30:45, which YAML 1.1 takes for a number of base 60
bool has_base_60(const std::string& text) {
  return text.find(':') != std::string::npos && is_digit(text.front())
         && is_digit(text.back()) && holds_only(text, "0123456789:");
}

/// The parts of a decimal number, as far as the text is one.
struct decimal {
  std::string whole;
  std::string fraction;
  bool has_point = false;
  bool has_exponent = false;
  bool is_all = false; ///< nothing else is in the text

  explicit decimal(const std::string& text) {
    std::size_t at = 0;
    const auto take = [&text, &at](const char* characters) {
      const auto begin = at;
      at = std::min(text.find_first_not_of(characters, begin), text.size());
      return text.substr(begin, at - begin);
    };
    whole = take("0123456789_");
    has_point = at < text.size() && text[at] == '.';
    at += has_point ? 1 : 0;
    fraction = has_point ? take("0123456789_") : "";
    has_exponent = at < text.size() && (text[at] == 'e' || text[at] == 'E');
    auto has_power = true;
    if (has_exponent) {
      ++at;
      at += at < text.size() && (text[at] == '-' || text[at] == '+') ? 1 : 0;
      has_power = !take(digits).empty();
    }
    is_all = at == text.size() && has_power && !holds_only(whole + fraction, "_");
  }

  bool is_disputed() const {
    return (whole.size() > 1 && whole.front() == '0')
           || (whole + fraction).find('_') != std::string::npos;
  }
};

scalar_kind kind_of_number(const std::string& text) {
  if (has_another_base(text) || has_base_60(text))
    return scalar_kind::ambiguous;
  const decimal parts{text};
  if (!parts.is_all)
    return scalar_kind::text;
  if (parts.is_disputed())
    return scalar_kind::ambiguous;
  return parts.has_point || parts.has_exponent ? scalar_kind::number
                                               : scalar_kind::integer;
}

scalar_kind kind_of_plain(const std::string& text) {
  if (text.empty() || is_one_of(text, {"~", "null"}))
    return scalar_kind::nothing;
  if (is_one_of(text, {"true", "false"}))
    return scalar_kind::boolean;
  if (is_one_of(lower(text), {"null", "true", "false", "yes", "no", "on", "off", "y",
                              "n", "nan", "inf", ".nan", ".inf", "-.inf", "+.inf"}))
    return scalar_kind::ambiguous;
  const auto number = without_sign(text);
  // Every number begins with one of these, and most text does not.
  if (number.empty() || !std::strchr(".0123456789", number.front()))
    return scalar_kind::text;
  return kind_of_number(number);
}

std::string remedy_for_boolean(const scalar& value) {
  const auto word = lower(value.text);
  if (is_one_of(word, {"yes", "on", "y", "true", "1"}))
    return "write true";
  if (is_one_of(word, {"no", "off", "n", "false", "0"}))
    return "write false";
  return "write true or false";
}

bool looks_octal(const std::string& text) {
  const auto number = without_sign(text);
  return number.size() > 1 && number.front() == '0' && holds_only(number, digits);
}

bool is_not_finite(const std::string& text) {
  auto word = without_sign(lower(text));
  return is_one_of(word, {"nan", ".nan", "inf", ".inf"});
}

std::string without_leading_zeros(const std::string& text) {
  const auto first = text.find_first_not_of("+-0");
  return (text.front() == '-' ? "-" : "")
         + (first == std::string::npos ? "0" : text.substr(first));
}

complaint not_a_number(const char* wanted, const scalar& value) {
  const auto what = std::string{"must be "} + wanted + ", not " + described(value);
  if (value.quoted && kind_of({value.text, false}) == scalar_kind::integer)
    return {what, "remove the quotes"};
  if (!value.quoted && looks_octal(value.text))
    return {what + ", which some read as octal",
            "write " + without_leading_zeros(value.text)};
  return {what, kind_of(value) == scalar_kind::nothing
                  ? "give it a value, or remove the key to get the default"
                  : "write it in decimal digits, without quotes"};
}

template <class Integer>
std::optional<complaint> parse_integer(const scalar& value, Integer& out) {
  const auto kind = kind_of(value);
  if (kind == scalar_kind::number) {
    double number = 0;
    if (!parse(value, number) && std::abs(number) < 1e15
        && number == std::floor(number))
      return complaint{"must be a whole number, not " + described(value),
                       "write " + std::to_string(static_cast<std::int64_t>(number))};
    return complaint{"must be a whole number, not " + described(value), "round it"};
  }
  if (kind != scalar_kind::integer)
    return not_a_number("a whole number", value);
  const auto* first = value.text.data();
  const auto* last = first + value.text.size();
  if (*first == '+')
    ++first;
  if (*first == '-' && std::is_unsigned_v<Integer>)
    return complaint{"must not be negative, but is " + described(value),
                     "write a number from 0"};
  if (std::from_chars(first, last, out).ec != std::errc{})
    return complaint{"is out of range: " + described(value),
                     std::is_unsigned_v<Integer> ? "it must be below 2^64"
                                                 : "it must be within 64 bits"};
  return std::nullopt;
}

} // namespace

scalar_kind kind_of(const scalar& value) {
  return value.quoted ? scalar_kind::text : kind_of_plain(value.text);
}

std::optional<complaint> parse(const scalar& value, bool& out) {
  if (kind_of(value) != scalar_kind::boolean)
    return complaint{"must be true or false, not " + described(value),
                     remedy_for_boolean(value)};
  out = value.text == "true";
  return std::nullopt;
}

std::optional<complaint> parse(const scalar& value, std::int64_t& out) {
  return parse_integer(value, out);
}

std::optional<complaint> parse(const scalar& value, std::uint64_t& out) {
  return parse_integer(value, out);
}

std::optional<complaint> parse(const scalar& value, double& out) {
  const auto kind = kind_of(value);
  if (!value.quoted && is_not_finite(value.text))
    return complaint{"must be a finite number, not " + described(value),
                     "write a number"};
  if (kind != scalar_kind::integer && kind != scalar_kind::number)
    return not_a_number("a number", value);
  const auto* first = value.text.data();
  const auto* last = first + value.text.size();
  if (*first == '+')
    ++first;
  if (std::from_chars(first, last, out).ec != std::errc{} || !std::isfinite(out))
    return complaint{"is out of range: " + described(value),
                     "write a number that a double can hold"};
  return std::nullopt;
}

std::optional<complaint> parse(const scalar& value, std::string& out) {
  switch (kind_of(value)) {
  case scalar_kind::text:
    out = value.text;
    return std::nullopt;
  case scalar_kind::nothing:
    return complaint{"must be text, but is nothing",
                     "give it a value, or remove the key"};
  case scalar_kind::boolean:
  case scalar_kind::integer:
  case scalar_kind::number:
  case scalar_kind::ambiguous:
    break;
  }
  return complaint{"must be text, but " + one_line(value.text, 60)
                     + " could be read as something else",
                   "put it in quotes: \"" + one_line(value.text, 60) + "\""};
}

std::optional<complaint> parse_duration(const scalar& value, std::int64_t& out) {
  if (kind_of(value) == scalar_kind::integer)
    return parse(value, out);
  static const std::pair<const char*, core::time_ms> units[] = {{"ms", 1},
                                                                {"s", core::second_ms},
                                                                {"m", core::minute_ms},
                                                                {"h", core::hour_ms},
                                                                {"d", core::day_ms}};
  const complaint unreadable{
    "must be a duration, not " + described(value),
    "write whole milliseconds, or a number with a unit: 250ms, 90s, 30m, 6h, 14d"};
  const auto end = value.text.find_first_not_of("+-.0123456789eE");
  if (value.quoted || end == std::string::npos)
    return unreadable;
  for (const auto& [unit, length] : units) {
    double number = 0;
    if (value.text.substr(end) != unit)
      continue;
    if (parse({value.text.substr(0, end), false}, number))
      return unreadable;
    const auto milliseconds = number * static_cast<double>(length);
    if (std::abs(milliseconds) > 9e15)
      return complaint{"is out of range: " + described(value), "use a shorter time"};
    out = std::llround(milliseconds);
    if (static_cast<double>(out) != milliseconds)
      return complaint{"is no whole number of milliseconds: " + described(value),
                       "round it"};
    return std::nullopt;
  }
  return unreadable;
}

} // namespace souk::experiments
