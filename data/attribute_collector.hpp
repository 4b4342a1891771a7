#pragma once

#include "core/attributes.hpp"
#include "data/name_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace souk::data {

/// Collects attributes row by row, in any order, while rows are still being found.
/// Empty words, texts and lists count as missing.
class attribute_collector {
public:
  /// Returns the number of the column of that name, a new one if it is new.
  std::size_t column(const std::string& name, core::attribute_kind kind);

  void set_word(std::size_t column, std::uint32_t row, std::string_view word);
  void set_words(std::size_t column,
                 std::uint32_t row,
                 const std::vector<std::string_view>& words);
  void set_number(std::size_t column, std::uint32_t row, double number);
  void set_text(std::size_t column, std::uint32_t row, std::string_view text);

  /// Whether the row has a value in that column.
  bool has(std::size_t column, std::uint32_t row) const;

  /// Returns the table, with what nobody set missing.
  core::attribute_table take(std::size_t num_rows);

private:
  struct draft_column {
    core::attribute_column column;
    name_table words;
    std::vector<std::vector<std::uint32_t>> lists; ///< by row, `categories` only
  };

  std::vector<draft_column> drafts_;
};

} // namespace souk::data
