#include "core/error.hpp"
#include "data/formats/event_columns.hpp"
#include "data/formats/formats.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

namespace souk::data::formats {

namespace fs = std::filesystem;

namespace {

const record_format tabs{"\t", false};

struct typed_column {
  std::string name;
  std::string type;
};

std::vector<typed_column> read_typed_header(record_reader& reader) {
  if (!reader.next())
    throw core::error{"the file is empty", reader.file().path(),
                      "it should begin with a line of name:type columns"};
  std::vector<typed_column> columns;
  for (const auto field : reader.fields()) {
    const auto colon = field.find(':');
    if (colon == std::string_view::npos)
      throw core::error{"the column \"" + to_utf8(field) + "\" has no type",
                        reader.file().path() + ":1",
                        "atomic files name columns as in user_id:token"};
    columns.push_back({std::string{trimmed(field.substr(0, colon))},
                       std::string{trimmed(field.substr(colon + 1))}});
  }
  return columns;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

core::attribute_kind kind_of(const typed_column& column) {
  const auto name = lower_case(column.name);
  if (column.type == "float"
      || (column.type == "token" && (contains(name, "year") || name == "age")))
    return core::attribute_kind::number;
  if (column.type == "token" && !contains(name, "zip"))
    return core::attribute_kind::category;
  if (column.type == "token_seq" && !contains(name, "title") && !contains(name, "name")
      && !contains(name, "description"))
    return core::attribute_kind::categories;
  return core::attribute_kind::text;
}

void set_attribute(attribute_collector& attributes,
                   std::size_t column,
                   core::attribute_kind kind,
                   std::uint32_t row,
                   std::string_view field) {
  switch (kind) {
  case core::attribute_kind::category:
    attributes.set_word(column, row, field);
    break;
  case core::attribute_kind::categories:
    attributes.set_words(column, row, words_of(field, ' '));
    break;
  case core::attribute_kind::number:
    attributes.set_number(
      column, row, to_number(field).value_or(std::numeric_limits<double>::quiet_NaN()));
    break;
  case core::attribute_kind::text:
    attributes.set_text(column, row, field);
    break;
  }
}

/// Reads a `.user` or `.item` file, whose first column is the id.
void read_attributes(source_import& import,
                     const std::string& path,
                     const name_table& owners,
                     attribute_collector& attributes) {
  record_reader reader{path, tabs};
  const auto header = read_typed_header(reader);
  std::vector<std::size_t> columns(header.size());
  for (std::size_t i = 1; i < header.size(); ++i)
    columns[i] = attributes.column(header[i].name, kind_of(header[i]));
  std::vector<bool> seen(owners.size());
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, header.size());
    const auto owner = owners.find(required(row.fields()[0], "id"));
    if (owner == name_table::absent || seen[owner])
      return false;
    seen[owner] = true;
    for (std::size_t i = 1; i < header.size(); ++i)
      set_attribute(attributes, columns[i], kind_of(header[i]), owner,
                    trimmed(row.fields()[i]));
    return true;
  });
}

bool ends_with(const std::string& text, std::string_view ending) {
  return text.size() >= ending.size()
         && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

/// Files of a folder with that ending, gzip or not, by name.
std::vector<std::string> files_ending(const std::string& folder,
                                      const std::string& ending) {
  std::vector<std::string> found;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator{folder, problem})
    if (ends_with(entry.path().string(), ending)
        || ends_with(entry.path().string(), ending + ".gz"))
      found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

std::string interactions_file(const std::string& path) {
  std::error_code problem;
  if (!fs::is_directory(path, problem))
    return path;
  const auto found = files_ending(path, ".inter");
  if (found.size() != 1)
    throw core::error{"the folder holds " + std::to_string(found.size())
                        + " .inter files where one is expected",
                      path, "name the file itself"};
  return found.front();
}

event_columns columns_of(const std::vector<typed_column>& header,
                         const std::string& path) {
  std::vector<std::string> names;
  for (const auto& column : header)
    names.push_back(lower_case(column.name));
  event_columns columns;
  columns.user = required_column(names, {"user_id", "user", "session_id"}, path);
  columns.item = required_column(names, {"item_id", "item"}, path);
  columns.time = column_named(names, {"timestamp", "time"});
  columns.value = column_named(names, {"rating"});
  columns.price = column_named(names, {"price"});
  columns.times = time_format::seconds;
  if (columns.value != no_column)
    columns.kind = core::event_kind::rating;
  return columns;
}

} // namespace

void read_atomic(source_import& import) {
  const auto path = interactions_file(import.options.path);
  record_reader reader{path, tabs};
  read_by_columns(import, reader, columns_of(read_typed_header(reader), path));
  // "name.inter" or "name.inter.gz": its companions share the name.
  const auto stem = path.substr(0, path.rfind(".inter"));
  const auto name = fs::path{stem}.filename().string();
  const auto folder = folder_of(path);
  if (const auto users = find_in(folder, name + ".user"); !users.empty())
    read_attributes(import, users, import.users, import.user_attributes);
  if (const auto items = find_in(folder, name + ".item"); !items.empty())
    read_attributes(import, items, import.items, import.item_attributes);
}

bool read_atomic_attributes(source_import& import, const std::string& folder) {
  const auto users = files_ending(folder, ".user");
  const auto items = files_ending(folder, ".item");
  for (const auto& path : users)
    read_attributes(import, path, import.users, import.user_attributes);
  for (const auto& path : items)
    read_attributes(import, path, import.items, import.item_attributes);
  return !users.empty() || !items.empty();
}

} // namespace souk::data::formats
