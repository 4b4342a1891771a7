#pragma once

#include "core/attributes.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace souk::models::testing {

/// Makes a column of categories; the vocabulary is in order of appearance.
inline core::attribute_column category(std::string name,
                                       const std::vector<std::string>& words) {
  core::attribute_column column;
  column.name = std::move(name);
  for (const auto& word : words) {
    const auto found =
      std::find(column.vocabulary.begin(), column.vocabulary.end(), word);
    column.codes.push_back(
      word.empty() ? core::no_code
                   : static_cast<std::uint32_t>(found - column.vocabulary.begin()));
    if (!word.empty() && found == column.vocabulary.end())
      column.vocabulary.push_back(word);
  }
  return column;
}

inline core::attribute_column number(std::string name, std::vector<double> numbers) {
  core::attribute_column column;
  column.name = std::move(name);
  column.kind = core::attribute_kind::number;
  column.numbers = std::move(numbers);
  return column;
}

} // namespace souk::models::testing
