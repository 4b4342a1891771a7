#include "core/error.hpp"
#include "data/owner_layouts.hpp"
#include "data/owner_tables.hpp"
#include "data/packing.hpp"

namespace souk::data {

namespace {

using core::attribute_column;
using core::attribute_kind;

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

owner_tables read_owners(const hdf5::file& file,
                         const std::string& owners,
                         const std::string& path) {
  return owner_reader{file, owners, path}.read();
}

} // namespace souk::data
