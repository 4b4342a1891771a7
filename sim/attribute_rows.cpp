#include "sim/attribute_rows.hpp"

#include <limits>

namespace souk::sim {

core::attribute_table empty_like(const core::attribute_table& from) {
  return core::select_rows(from, {});
}

void append_row(const core::attribute_table& from,
                std::size_t row,
                core::attribute_table& to) {
  for (std::size_t i = 0; i < from.columns.size(); ++i) {
    const auto& source = from.columns[i];
    auto& column = to.columns[i];
    switch (source.kind) {
    case core::attribute_kind::category:
      column.codes.push_back(source.codes[row]);
      break;
    case core::attribute_kind::categories: {
      const auto codes = source.codes_of(row);
      column.codes.insert(column.codes.end(), codes.begin(), codes.end());
      column.offsets.push_back(column.codes.size());
      break;
    }
    case core::attribute_kind::number:
      column.numbers.push_back(source.numbers[row]);
      break;
    case core::attribute_kind::text:
      column.texts.push_back(source.texts[row]);
      break;
    }
  }
  ++to.num_rows;
}

void append_unknown_row(core::attribute_table& to) {
  for (auto& column : to.columns) {
    switch (column.kind) {
    case core::attribute_kind::category:
      column.codes.push_back(core::no_code);
      break;
    case core::attribute_kind::categories:
      column.offsets.push_back(column.codes.size());
      break;
    case core::attribute_kind::number:
      column.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
      break;
    case core::attribute_kind::text:
      column.texts.emplace_back();
      break;
    }
  }
  ++to.num_rows;
}

void clear_rows(core::attribute_table& table) {
  for (auto& column : table.columns) {
    column.codes.clear();
    column.numbers.clear();
    column.texts.clear();
    if (column.kind == core::attribute_kind::categories)
      column.offsets.assign(1, 0);
  }
  table.num_rows = 0;
}

} // namespace souk::sim
