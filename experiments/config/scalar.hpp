#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace souk::experiments {

/// A value as it stands in a file.
struct scalar {
  std::string text;
  bool quoted = false; ///< in quotes or a text block: always text, never a number
};

/// What a scalar is to a strict reader.
enum class scalar_kind {
  nothing,   ///< empty, `~`, `null`
  boolean,   ///< `true`, `false`
  integer,   ///< decimal, no leading zeros
  number,    ///< decimal with a point or an exponent
  ambiguous, ///< YAML's versions disagree: `no`, `010`, `0x1F`, `1_000`, `.nan`,
             ///< `12:30`
  text,
};

scalar_kind kind_of(const scalar& value);

/// What is wrong with a value, and what to do about it.
struct complaint {
  std::string what;
  std::string remedy;
};

/// Reads a value of exactly this type, or says why it is none.
std::optional<complaint> parse(const scalar& value, bool& out);
std::optional<complaint> parse(const scalar& value, std::int64_t& out);
std::optional<complaint> parse(const scalar& value, std::uint64_t& out);
/// Only finite numbers; integers are numbers too.
std::optional<complaint> parse(const scalar& value, double& out);
/// Anything unquoted that could be a number, a boolean or nothing is refused.
std::optional<complaint> parse(const scalar& value, std::string& out);
/// Whole milliseconds, or a number with a unit: `250ms`, `90s`, `30m`, `6h`, `14d`.
std::optional<complaint> parse_duration(const scalar& value, std::int64_t& out);

/// Returns the one spelling that resolved files and digests use; doubles round-trip.
scalar to_scalar(bool value);
scalar to_scalar(std::int64_t value);
scalar to_scalar(std::uint64_t value);
scalar to_scalar(double value);
scalar to_scalar(const std::string& value);
scalar no_value();

/// Returns the scalar as YAML; text is quoted wherever it could be read otherwise.
std::string in_yaml(const scalar& value);

/// Returns the scalar for a message: `"text"`, 12, or `nothing`.
std::string described(const scalar& value);

} // namespace souk::experiments
