#include "data/owner_tables.hpp"

#include "core/error.hpp"
#include "data/packing.hpp"

#include <algorithm>
#include <set>

namespace souk::data {

namespace {

using core::attribute_column;
using core::attribute_kind;
using hdf5::number_kind;

struct code_row {
  std::uint32_t column = 0;
  std::uint32_t row = 0;
  std::uint32_t code = 0;
};

std::size_t longest(const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const auto& text : texts)
    length = std::max(length, text.size());
  return length;
}

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

hdf5::row_layout owner_layout(const std::vector<std::string>& names,
                              const core::attribute_table& attributes,
                              const std::vector<std::string>& member_names) {
  std::vector<hdf5::member> members{hdf5::text_member("id", longest(names))};
  for (std::size_t i = 0; i < attributes.columns.size(); ++i) {
    const auto& column = attributes.columns[i];
    if (column.kind == attribute_kind::category)
      members.push_back(hdf5::number_member(member_names[i], number_kind::u32));
    else if (column.kind == attribute_kind::number)
      members.push_back(hdf5::number_member(member_names[i], number_kind::f64));
    else if (column.kind == attribute_kind::text)
      members.push_back(hdf5::text_member(member_names[i], longest(column.texts)));
  }
  return hdf5::row_layout{std::move(members)};
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

hdf5::row_layout columns_layout(std::size_t name_size, std::size_t member_size) {
  return hdf5::row_layout{{hdf5::text_member("name", name_size),
                           hdf5::number_member("kind", number_kind::u8),
                           hdf5::text_member("member", member_size)}};
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

hdf5::row_layout vocabulary_layout(std::size_t word_size) {
  return hdf5::row_layout{{hdf5::number_member("column", number_kind::u32),
                           hdf5::number_member("code", number_kind::u32),
                           hdf5::text_member("word", word_size)}};
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

const hdf5::row_layout& lists_layout() {
  static const hdf5::row_layout layout{{hdf5::number_member("column", number_kind::u32),
                                        hdf5::number_member("row", number_kind::u32),
                                        hdf5::number_member("code", number_kind::u32)}};
  return layout;
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

/// Reads the tables back, checking that they belong together.
class owner_reader {
public:
  owner_reader(const hdf5::file& file,
               const std::string& owners,
               const std::string& path)
    : file_{file}, owners_{owners}, path_{path} {
    // nop
  }

  owner_tables read() {
    result_.attributes.num_rows = static_cast<std::size_t>(file_.rows_of(owners_));
    read_columns();
    read_vocabulary();
    read_rows();
    read_lists();
    return std::move(result_);
  }

private:
  std::vector<attribute_column>& columns() {
    return result_.attributes.columns;
  }

  void expect(bool holds, const char* what) const {
    if (!holds)
      throw core::error{"the table \"" + owners_ + "\": " + what, path_,
                        "make the file again"};
  }

  /// The layout as stored, which must be that one but for the lengths of texts.
  hdf5::row_layout layout_like(const std::string& table,
                               const hdf5::row_layout& wanted) const {
    auto stored = file_.layout_of(table);
    auto adapted = wanted.members();
    expect(stored.members().size() == adapted.size(), "other columns");
    for (std::size_t i = 0; i < adapted.size(); ++i)
      if (adapted[i].is_text)
        adapted[i].size = stored.members()[i].size;
    expect(stored == hdf5::row_layout{std::move(adapted)}, "other columns");
    return stored;
  }

  void read_columns() {
    const auto table = owners_ + "_columns";
    const auto layout = layout_like(table, columns_layout(1, 1));
    file_.read_table(table, layout,
                     [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
                       for (std::size_t i = 0; i < count; ++i) {
                         unpacker bytes{rows + i * layout.row_size()};
                         attribute_column column;
                         column.name = bytes.text(layout.members()[0].size);
                         const auto kind = bytes.number<std::uint8_t>();
                         expect(kind <= static_cast<std::uint8_t>(attribute_kind::text),
                                "an attribute of an unknown kind");
                         column.kind = static_cast<attribute_kind>(kind);
                         members_.push_back(bytes.text(layout.members()[2].size));
                         columns().push_back(std::move(column));
                       }
                     });
  }

  void read_vocabulary() {
    const auto table = owners_ + "_vocabulary";
    const auto layout = layout_like(table, vocabulary_layout(1));
    file_.read_table(
      table, layout, [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
        for (std::size_t i = 0; i < count; ++i) {
          unpacker bytes{rows + i * layout.row_size()};
          const auto column = bytes.number<std::uint32_t>();
          const auto code = bytes.number<std::uint32_t>();
          expect(column < columns().size()
                   && code == columns()[column].vocabulary.size(),
                 "a vocabulary with gaps");
          columns()[column].vocabulary.push_back(bytes.text(layout.members()[2].size));
        }
      });
  }

  void read_rows() {
    std::vector<std::string> no_names;
    const auto layout =
      layout_like(owners_, owner_layout(no_names, result_.attributes, members_));
    const auto take = [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
      for (std::size_t i = 0; i < count; ++i)
        read_row(layout, rows + i * layout.row_size());
    };
    result_.names.reserve(result_.attributes.num_rows);
    file_.read_table(owners_, layout, take);
  }

  void read_row(const hdf5::row_layout& layout, const unsigned char* row) {
    unpacker bytes{row};
    auto part = layout.members().begin();
    result_.names.push_back(bytes.text((part++)->size));
    for (auto& column : columns()) {
      if (column.kind == attribute_kind::category) {
        const auto code = bytes.number<std::uint32_t>();
        expect(code == core::no_code || code < column.vocabulary.size(),
               "a code without a word");
        column.codes.push_back(code);
      } else if (column.kind == attribute_kind::number) {
        column.numbers.push_back(bytes.number<double>());
      } else if (column.kind == attribute_kind::text) {
        column.texts.push_back(bytes.text(part->size));
      }
      if (column.kind != attribute_kind::categories)
        ++part;
    }
  }

  void read_lists() {
    for (auto& column : columns())
      if (column.kind == attribute_kind::categories)
        column.offsets.push_back(0);
    const auto take = [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
      for (std::size_t i = 0; i < count; ++i)
        take_code(rows + i * lists_layout().row_size());
    };
    file_.read_table(owners_ + "_lists", lists_layout(), take);
    for (auto& column : columns())
      if (column.kind == attribute_kind::categories)
        column.offsets.resize(result_.attributes.num_rows + 1, column.codes.size());
  }

  void take_code(const unsigned char* row) {
    unpacker bytes{row};
    const auto number = bytes.number<std::uint32_t>();
    const auto owner = bytes.number<std::uint32_t>();
    const auto code = bytes.number<std::uint32_t>();
    expect(number < columns().size(), "a list of no attribute");
    auto& column = columns()[number];
    expect(column.kind == attribute_kind::categories && code < column.vocabulary.size()
             && owner < result_.attributes.num_rows
             && owner + std::size_t{1} >= column.offsets.size(),
           "a list that does not fit");
    column.offsets.resize(owner + std::size_t{1}, column.codes.size());
    column.codes.push_back(code);
  }

  const hdf5::file& file_;
  std::string owners_;
  std::string path_;
  owner_tables result_;
  std::vector<std::string> members_; ///< of `<owners>`, by attribute
};

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

owner_tables read_owners(const hdf5::file& file,
                         const std::string& owners,
                         const std::string& path) {
  return owner_reader{file, owners, path}.read();
}

} // namespace souk::data
