#pragma once

#include "core/span.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace souk::core {

enum class attribute_kind : std::uint8_t {
  category = 0,   ///< one code a row (gender, country)
  categories = 1, ///< any number of codes a row (genres)
  number = 2,     ///< one number a row (age, price, release year); NaN = missing
  text = 3,       ///< one string a row (a title)
};

/// Marks a missing code.
constexpr std::uint32_t no_code = std::numeric_limits<std::uint32_t>::max();

/// One attribute of all users or of all items.
struct attribute_column {
  std::string name;
  attribute_kind kind = attribute_kind::category;
  std::vector<std::string> vocabulary; ///< what the codes stand for
  std::vector<std::uint32_t> codes;    ///< [rows], or all rows' codes one after another
  std::vector<std::uint64_t> offsets;  ///< [rows + 1], `categories` only
  std::vector<double> numbers;         ///< [rows], `number` only
  std::vector<std::string> texts;      ///< [rows], `text` only

  /// Returns the codes of a row (`category`: one, or none where it is missing).
  span<const std::uint32_t> codes_of(std::size_t row) const;
};

/// What is known about users or items besides their behaviour.
struct attribute_table {
  std::size_t num_rows = 0;
  std::vector<attribute_column> columns;

  /// Returns the column of that name, or null.
  const attribute_column* find(std::string_view name) const;
};

/// Returns the table with only the given rows, in that order; vocabularies stay.
attribute_table select_rows(const attribute_table& table,
                            span<const std::uint32_t> rows);

} // namespace souk::core
