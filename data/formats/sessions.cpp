#include "data/formats/event_columns.hpp"
#include "data/formats/formats.hpp"

namespace souk::data::formats {

namespace {

bool begins_with_digit(const std::string& path, const record_format& format) {
  record_reader reader{path, format};
  return reader.next() && !reader.fields()[0].empty() && reader.fields()[0][0] >= '0'
         && reader.fields()[0][0] <= '9';
}

} // namespace

void read_sessions(source_import& import) {
  const auto path = file_at(import.options.path,
                            {"yoochoose-clicks.dat", "clicks.csv", "sessions.csv"});
  const record_format format{delimiter_of(path), true};
  event_columns columns;
  columns.user = 0;
  columns.time = 1;
  columns.item = 2;
  std::size_t category = 3;
  record_reader reader{path, format};
  if (!begins_with_digit(path, format)) {
    const auto header = read_header(reader);
    columns.user =
      required_column(header, {"sessionid", "session_id", "session"}, path);
    columns.item = required_column(header, {"itemid", "item_id", "item"}, path);
    columns.time = required_column(header, {"time", "timestamp"}, path);
    category = column_named(header, {"category", "category_id", "categoryid"});
  }
  auto& items = import.item_attributes;
  std::size_t categories = no_column;
  const auto describe = [&](const record_reader& row, const core::event& event) {
    if (category >= row.fields().size())
      return;
    const auto word = trimmed(row.fields()[category]);
    // YooChoose writes 0 where the category is missing.
    if (word.empty() || word == "0")
      return;
    if (categories == no_column)
      categories = items.column("category", core::attribute_kind::category);
    if (!items.has(categories, event.item))
      items.set_word(categories, event.item, word);
  };
  read_by_columns(import, reader, columns, describe);
}

} // namespace souk::data::formats
