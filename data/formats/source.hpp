#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "data/attribute_collector.hpp"
#include "data/bad_rows.hpp"
#include "data/import_report.hpp"
#include "data/name_table.hpp"
#include "data/options.hpp"
#include "data/record_reader.hpp"
#include "data/text.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What all formats share: where rows go, and how the common fields are read. A format
/// is one function that fills a `source_import`; it owns no rule about cleaning.
namespace souk::data::formats {

/// An import under way: what was read, in the source's order and numbering.
struct source_import {
  const source_options& options;
  bad_rows& quarantine;
  core::progress& progress;

  import_report report{};
  name_table users{};
  name_table items{};
  std::vector<core::event> events{};
  std::vector<core::split_role> roles{};
  attribute_collector user_attributes{};
  attribute_collector item_attributes{};
  bool has_times = false;

  /// Counts a readable row that makes no event.
  void drop(const char* reason) {
    ++report.rows_dropped[reason];
  }
};

/// Calls `take_row(reader)` for every row of events that is left, and sends those that
/// throw `bad_row` to quarantine. `take_row` appends an event or calls `drop`, last.
template <class TakeRow>
void read_event_rows(source_import& import, record_reader& reader, TakeRow take_row) {
  constexpr std::uint64_t rows_per_report = 1U << 18;
  const auto tell = [&] {
    import.progress.advance("import", reader.file().position(), reader.file().size(),
                            "bytes", std::to_string(import.report.rows_read) + " rows");
  };
  import.report.files.push_back(reader.file().path());
  while (reader.next()) {
    if (++import.report.rows_read % rows_per_report == 0)
      tell();
    try {
      if (reader.problem())
        throw bad_row{reader.problem()};
      take_row(reader);
    } catch (const bad_row& bad) {
      import.quarantine.add(reader, bad.what());
      ++import.report.rows_bad;
    }
  }
  tell();
}

/// The same for rows that describe users or items. `take_row` returns whether the row
/// told something new about somebody with events.
template <class TakeRow>
void read_attribute_rows(source_import& import,
                         record_reader& reader,
                         TakeRow take_row) {
  import.report.files.push_back(reader.file().path());
  while (reader.next()) {
    ++import.report.attribute_rows_read;
    try {
      if (reader.problem())
        throw bad_row{reader.problem()};
      if (!take_row(reader))
        ++import.report.attribute_rows_unused;
    } catch (const bad_row& bad) {
      import.quarantine.add(reader, bad.what());
      ++import.report.attribute_rows_bad;
    }
  }
}

/// Throws `bad_row` unless the row has at least this many fields.
void expect_fields(const record_reader& reader, std::size_t fewest);

/// Returns the field without blanks around it; throws `bad_row` if nothing is left.
std::string_view required(std::string_view field, const char* name);

/// Returns the number in a field; throws `bad_row` if there is none.
double required_number(std::string_view field, const char* name);

/// Returns the moment in a field; throws `bad_row` if there is none.
core::time_ms
required_time(std::string_view field, const char* name, time_format format);

/// Cuts a text at every separator.
std::vector<std::string_view> words_of(std::string_view text, char separator);

/// Goes to the first record, which must be a header; returns its column names in lower
/// case. Throws `error` if the file is empty.
std::vector<std::string> read_header(record_reader& reader);

constexpr std::size_t no_column = static_cast<std::size_t>(-1);

/// Returns the number of the first column with one of these names, or `no_column`.
std::size_t column_named(const std::vector<std::string>& header,
                         std::initializer_list<std::string_view> names);

/// The same; throws `error` naming the file if there is none.
std::size_t required_column(const std::vector<std::string>& header,
                            std::initializer_list<std::string_view> names,
                            const std::string& path);

/// Returns the path of `folder/name` or `folder/name.gz`, whichever exists, or "".
std::string find_in(const std::string& folder, const std::string& name);

/// Returns `path` if it is no folder, else the first of these files in it. Throws
/// `error` if none is there.
std::string file_at(const std::string& path, std::initializer_list<const char*> names);

/// The folder that a file lies in, or the folder itself.
std::string folder_of(const std::string& path);

/// Returns the delimiter of a file by its first line: "::", tab, "|", ";" or ",".
std::string delimiter_of(const std::string& path);

} // namespace souk::data::formats
