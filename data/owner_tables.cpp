#include "data/owner_tables.hpp"

#include "core/error.hpp"
#include "data/owner_layouts.hpp"
#include "data/packing.hpp"

#include <algorithm>
#include <set>

namespace souk::data {

namespace {

using core::attribute_column;
using core::attribute_kind;

struct code_row {
  std::uint32_t column = 0;
  std::uint32_t row = 0;
  std::uint32_t code = 0;
};

/// Names that HDF5 and Python take: letters, digits and _, each once.
std::string member_name(const std::string& name, std::set<std::string>& taken) {
  std::string plain;
  for (const auto c : name) {
    const auto fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                      || (c >= '0' && c <= '9') || c == '_';
    plain += fits ? c : '_';
  }
  if (plain.empty() || (plain[0] >= '0' && plain[0] <= '9') || plain[0] == '_')
    plain = "attribute_" + plain;
  while (!taken.insert(plain).second)
    plain += "_";
  return plain;
}

/// The member of `<owners>` that each attribute has; empty for lists.
std::vector<std::string> members_for(const core::attribute_table& attributes) {
  std::set<std::string> taken{"id"};
  std::vector<std::string> members;
  for (const auto& column : attributes.columns)
    members.push_back(column.kind == attribute_kind::categories
                        ? std::string{}
                        : member_name(column.name, taken));
  return members;
}

void write_rows(hdf5::file& file,
                const std::string& owners,
                const std::vector<std::string>& names,
                const core::attribute_table& attributes,
                const hdf5::row_layout& layout) {
  const auto fill = [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::size_t>(first) + i;
      packer bytes{rows + i * layout.row_size()};
      auto part = layout.members().begin();
      bytes.text(names[row], (part++)->size);
      for (const auto& column : attributes.columns) {
        if (column.kind == attribute_kind::category)
          bytes.number(column.codes[row]);
        else if (column.kind == attribute_kind::number)
          bytes.number(column.numbers[row]);
        else if (column.kind == attribute_kind::text)
          bytes.text(column.texts[row], part->size);
        if (column.kind != attribute_kind::categories)
          ++part;
      }
    }
  };
  file.write_table(owners, layout, names.size(), fill);
}

void write_columns(hdf5::file& file,
                   const std::string& table,
                   const core::attribute_table& attributes,
                   const std::vector<std::string>& members) {
  std::size_t name_size = 1;
  for (const auto& column : attributes.columns)
    name_size = std::max(name_size, column.name.size());
  const auto layout = columns_layout(name_size, longest(members));
  file.write_table(table, layout, attributes.columns.size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     for (std::size_t i = 0; i < count; ++i) {
                       const auto at = static_cast<std::size_t>(first) + i;
                       const auto& column = attributes.columns[at];
                       packer{rows + i * layout.row_size()}
                         .text(column.name, layout.members()[0].size)
                         .number(static_cast<std::uint8_t>(column.kind))
                         .text(members[at], layout.members()[2].size);
                     }
                   });
}

void write_vocabulary(hdf5::file& file,
                      const std::string& table,
                      const core::attribute_table& attributes) {
  std::vector<code_row> places;
  std::size_t word_size = 1;
  for (std::uint32_t i = 0; i < attributes.columns.size(); ++i) {
    const auto& words = attributes.columns[i].vocabulary;
    word_size = std::max(word_size, longest(words));
    for (std::uint32_t code = 0; code < words.size(); ++code)
      places.push_back({i, 0, code});
  }
  const auto layout = vocabulary_layout(word_size);
  file.write_table(table, layout, places.size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     for (std::size_t i = 0; i < count; ++i) {
                       const auto& place = places[static_cast<std::size_t>(first) + i];
                       packer{rows + i * layout.row_size()}
                         .number(place.column)
                         .number(place.code)
                         .text(attributes.columns[place.column].vocabulary[place.code],
                               word_size);
                     }
                   });
}

void write_lists(hdf5::file& file,
                 const std::string& table,
                 const core::attribute_table& attributes) {
  std::vector<code_row> codes;
  for (std::uint32_t i = 0; i < attributes.columns.size(); ++i)
    if (attributes.columns[i].kind == attribute_kind::categories)
      for (std::uint32_t row = 0; row < attributes.num_rows; ++row)
        for (const auto code : attributes.columns[i].codes_of(row))
          codes.push_back({i, row, code});
  file.write_table(table, lists_layout(), codes.size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     for (std::size_t i = 0; i < count; ++i) {
                       const auto& code = codes[static_cast<std::size_t>(first) + i];
                       packer{rows + i * lists_layout().row_size()}
                         .number(code.column)
                         .number(code.row)
                         .number(code.code);
                     }
                   });
}

} // namespace

void write_owners(hdf5::file& file,
                  const std::string& owners,
                  const std::vector<std::string>& names,
                  const core::attribute_table& attributes) {
  core::expects(attributes.columns.empty() || attributes.num_rows == names.size(),
                "attributes have a row for every name");
  const auto members = members_for(attributes);
  write_rows(file, owners, names, attributes, owner_layout(names, attributes, members));
  write_columns(file, owners + "_columns", attributes, members);
  write_vocabulary(file, owners + "_vocabulary", attributes);
  write_lists(file, owners + "_lists", attributes);
}

} // namespace souk::data
