#include "core/error.hpp"
#include "data/formats/formats.hpp"

#include <array>
#include <filesystem>

namespace souk::data::formats {

namespace {

constexpr std::array<std::pair<const char*, core::split_role>, 5> parts{{
  {"train.csv", core::split_role::training},
  {"valid_tr.csv", core::split_role::validation_fold_in},
  {"valid_te.csv", core::split_role::validation_held_out},
  {"test_tr.csv", core::split_role::test_fold_in},
  {"test_te.csv", core::split_role::test_held_out},
}};

std::string part_of(const std::string& folder, const char* name) {
  if (auto path = find_in(folder, name); !path.empty())
    return path;
  throw core::error{std::string{"the folder has no "} + name, folder,
                    "a given split has train.csv, valid_tr.csv, valid_te.csv, "
                    "test_tr.csv, test_te.csv, unique_uid.txt and unique_sid.txt"};
}

/// Reads the original ids, one a line: line n is number n.
void read_ids(const std::string& path, name_table& names) {
  record_reader reader{path, {"\n", false}};
  while (reader.next()) {
    const auto number = names.size();
    const auto name = trimmed(reader.fields()[0]);
    // An empty line, which the reader skips, would shift all numbers behind it.
    const auto empty = name.empty() || reader.line() != number + 1;
    if (empty || names.number_of(name) != number)
      throw core::error{empty ? "an id is empty" : "the id occurs twice",
                        path + ":" + std::to_string(reader.line()),
                        "every id has one line"};
  }
}

std::uint32_t
required_row(std::string_view field, const char* name, std::uint32_t size) {
  const auto number = required_number(field, name);
  const auto row = static_cast<std::uint32_t>(
    number >= 0 && number < static_cast<double>(size) ? number : 0);
  if (static_cast<double>(row) != number)
    throw bad_row{std::string{"the "} + name + " is no line number below "
                  + std::to_string(size)};
  return row;
}

void read_part(source_import& import, const std::string& path, core::split_role role) {
  record_reader reader{path, {",", true}};
  const auto header = read_header(reader);
  const auto users = required_column(header, {"uid"}, path);
  const auto items = required_column(header, {"sid"}, path);
  read_event_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, header.size());
    core::event event;
    event.user = required_row(row.fields()[users], "uid", import.users.size());
    event.item = required_row(row.fields()[items], "sid", import.items.size());
    import.events.push_back(event);
    import.roles.push_back(role);
  });
}

void join_attributes(source_import& import) {
  const auto& path = import.options.attributes;
  std::error_code problem;
  if (!std::filesystem::exists(path, problem))
    throw core::error{"there is no such file or folder", path,
                      "check data.source.attributes"};
  if (read_movielens_attributes(import, folder_of(path))
      || read_atomic_attributes(import, folder_of(path))
      || read_online_retail_attributes(import, path))
    return;
  throw core::error{"nothing here describes users or items", path,
                    "name a MovieLens, atomic or Online Retail folder"};
}

} // namespace

void read_given_split(source_import& import) {
  const auto& folder = import.options.path;
  read_ids(part_of(folder, "unique_uid.txt"), import.users);
  read_ids(part_of(folder, "unique_sid.txt"), import.items);
  for (const auto& [name, role] : parts)
    read_part(import, part_of(folder, name), role);
  if (!import.options.attributes.empty())
    join_attributes(import);
}

} // namespace souk::data::formats
