#include "core/attributes.hpp"

#include <algorithm>

namespace souk::core {

span<const std::uint32_t> attribute_column::codes_of(std::size_t row) const {
  if (kind == attribute_kind::categories)
    return {codes.data() + offsets[row], offsets[row + 1] - offsets[row]};
  if (kind == attribute_kind::category && codes[row] != no_code)
    return {codes.data() + row, 1};
  return {};
}

const attribute_column* attribute_table::find(std::string_view name) const {
  const auto found = std::find_if(
    columns.begin(), columns.end(),
    [name](const attribute_column& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

attribute_table select_rows(const attribute_table& table,
                            span<const std::uint32_t> rows) {
  attribute_table selected{rows.size(), {}};
  for (const auto& column : table.columns) {
    attribute_column part;
    part.name = column.name;
    part.kind = column.kind;
    part.vocabulary = column.vocabulary;
    if (column.kind == attribute_kind::categories)
      part.offsets.push_back(0);
    for (const auto row : rows) {
      switch (column.kind) {
      case attribute_kind::category:
        part.codes.push_back(column.codes[row]);
        break;
      case attribute_kind::categories: {
        const auto codes = column.codes_of(row);
        part.codes.insert(part.codes.end(), codes.begin(), codes.end());
        part.offsets.push_back(part.codes.size());
        break;
      }
      case attribute_kind::number:
        part.numbers.push_back(column.numbers[row]);
        break;
      case attribute_kind::text:
        part.texts.push_back(column.texts[row]);
        break;
      }
    }
    selected.columns.push_back(std::move(part));
  }
  return selected;
}

} // namespace souk::core
