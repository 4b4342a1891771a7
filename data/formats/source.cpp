#include "data/formats/source.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <filesystem>

namespace souk::data::formats {

namespace fs = std::filesystem;

namespace {

/// Quotes a field in a message; a long one is cut.
std::string quoted(std::string_view field) {
  constexpr std::size_t shown = 40;
  const auto text = to_utf8(field.substr(0, shown));
  return "\"" + text + (field.size() > shown ? "...\"" : "\"");
}

} // namespace

void expect_fields(const record_reader& reader, std::size_t fewest) {
  if (reader.fields().size() < fewest)
    throw bad_row{"the row has " + std::to_string(reader.fields().size())
                  + " fields where " + std::to_string(fewest) + " are needed"};
}

std::string_view required(std::string_view field, const char* name) {
  const auto text = trimmed(field);
  if (text.empty())
    throw bad_row{std::string{"the "} + name + " is empty"};
  return text;
}

double required_number(std::string_view field, const char* name) {
  const auto text = required(field, name);
  if (const auto number = to_number(text))
    return *number;
  throw bad_row{std::string{"the "} + name + " " + quoted(text) + " is no number"};
}

core::time_ms
required_time(std::string_view field, const char* name, time_format format) {
  const auto text = required(field, name);
  if (const auto time = to_time(text, format))
    return *time;
  throw bad_row{std::string{"the "} + name + " " + quoted(text) + " is no time"};
}

std::vector<std::string_view> words_of(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    words.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<std::string> read_header(record_reader& reader) {
  if (!reader.next())
    throw core::error{"the file is empty", reader.file().path(),
                      "it should begin with a line of column names"};
  std::vector<std::string> names;
  for (const auto field : reader.fields())
    names.push_back(lower_case(trimmed(field)));
  return names;
}

std::size_t column_named(const std::vector<std::string>& header,
                         std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found != header.end())
      return static_cast<std::size_t>(found - header.begin());
  }
  return no_column;
}

std::size_t required_column(const std::vector<std::string>& header,
                            std::initializer_list<std::string_view> names,
                            const std::string& path) {
  const auto column = column_named(header, names);
  if (column != no_column)
    return column;
  std::string present;
  for (const auto& name : header)
    present += (present.empty() ? "" : ", ") + name;
  throw core::error{"there is no column \"" + std::string{*names.begin()} + "\"",
                    path + ":1", "the columns are: " + to_utf8(present)};
}

std::string find_in(const std::string& folder, const std::string& name) {
  for (const auto* ending : {"", ".gz"}) {
    const auto path = fs::path{folder} / (name + ending);
    std::error_code problem;
    if (fs::is_regular_file(path, problem))
      return path.string();
  }
  return {};
}

std::string file_at(const std::string& path, std::initializer_list<const char*> names) {
  std::error_code problem;
  if (!fs::is_directory(path, problem))
    return path;
  std::string wanted;
  for (const auto* name : names) {
    if (const auto found = find_in(path, name); !found.empty())
      return found;
    wanted += (wanted.empty() ? "" : ", ") + std::string{name};
  }
  throw core::error{"the folder holds none of: " + wanted, path,
                    "name the file itself"};
}

std::string folder_of(const std::string& path) {
  std::error_code problem;
  return fs::is_directory(path, problem) ? path : fs::path{path}.parent_path().string();
}

std::string delimiter_of(const std::string& path) {
  record_reader reader{path, {"\n", false}};
  if (!reader.next())
    throw core::error{"the file is empty", path, "check the path"};
  for (const auto* delimiter : {"::", "\t", "|", ";"})
    if (reader.raw().find(delimiter) != std::string_view::npos)
      return delimiter;
  return ",";
}

} // namespace souk::data::formats
