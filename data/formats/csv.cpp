#include "core/error.hpp"
#include "data/formats/event_columns.hpp"
#include "data/formats/formats.hpp"

#include <algorithm>

namespace souk::data::formats {

namespace {

std::string delimiter_from(const std::string& option) {
  if (option.empty())
    throw core::error::request("the delimiter is empty", "data.source.columns",
                               "name the character between two fields, such as \",\"");
  return option == "\\t" || option == "tab" ? "\t" : option;
}

/// Returns the column of that name or, without a header, of that number.
std::size_t column_of(const std::string& name,
                      const std::vector<std::string>& header,
                      const std::string& path) {
  if (name.empty())
    return no_column;
  if (!header.empty()) {
    const auto lower = lower_case(name);
    return required_column(header, {lower}, path);
  }
  const auto number = to_number(name);
  if (!number || *number < 1 || *number > 10'000
      || *number != static_cast<double>(static_cast<std::size_t>(*number)))
    throw core::error::request("the column \"" + name + "\" is no number",
                               "data.source.columns",
                               "a file without a header has columns 1, 2, 3, ...");
  return static_cast<std::size_t>(*number) - 1;
}

} // namespace

void read_csv(source_import& import) {
  const auto& named = import.options.columns;
  const auto& path = import.options.path;
  if (named.user.empty() || named.item.empty())
    throw core::error::request("a csv source needs a column of users and one of items",
                               "data.source.columns",
                               "name them: {user: ..., item: "
                               "...}");
  const auto times = time_format_of(import.options.time_format);
  if (!times)
    throw core::error::request("there is no time format \"" + import.options.time_format
                                 + "\"",
                               "data.source.time_format",
                               "use automatic, seconds, milliseconds, iso, "
                               "day_month_year or month_day_year");
  record_reader reader{path, {delimiter_from(named.delimiter), true}};
  const auto header = named.header ? read_header(reader) : std::vector<std::string>{};
  event_columns columns;
  columns.user = column_of(named.user, header, path);
  columns.item = column_of(named.item, header, path);
  columns.time = column_of(named.time, header, path);
  columns.value = column_of(named.value, header, path);
  columns.event = column_of(named.event, header, path);
  columns.price = column_of(named.price, header, path);
  columns.times = *times;
  if (columns.value != no_column)
    columns.kind = core::event_kind::rating;
  read_by_columns(import, reader, columns);
}

} // namespace souk::data::formats
