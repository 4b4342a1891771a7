#include "data/import.hpp"

#include "core/error.hpp"
#include "data/clean.hpp"
#include "data/dataset_file.hpp"
#include "data/formats/formats.hpp"
#include "data/pseudonyms.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace souk::data {

namespace {

using formats::source_import;

constexpr std::array<std::pair<const char*, void (*)(source_import&)>, 7> readers{{
  {"atomic", formats::read_atomic},
  {"movielens", formats::read_movielens},
  {"retailrocket", formats::read_retailrocket},
  {"online_retail", formats::read_online_retail},
  {"sessions", formats::read_sessions},
  {"csv", formats::read_csv},
  {"given_split", formats::read_given_split},
}};

auto reader_of(const std::string& kind) {
  const auto* found =
    std::find_if(readers.begin(), readers.end(),
                 [&](const auto& reader) { return kind == reader.first; });
  if (found == readers.end())
    throw core::error::request("there is no kind of source \"" + kind + "\"",
                               "data.source.kind",
                               "use atomic, movielens, retailrocket, online_retail, "
                               "sessions, csv, given_split or dataset");
  return found->second;
}

std::vector<std::string> names_in(const name_table& table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (std::uint32_t i = 0; i < table.size(); ++i)
    names.emplace_back(table[i]);
  return names;
}

/// Names a dataset after its file or folder, without endings.
std::string name_of(const std::string& path) {
  namespace fs = std::filesystem;
  auto place = fs::path{path}.lexically_normal();
  if (!place.has_filename())
    place = place.parent_path();
  const auto name = place.filename().string();
  return name.substr(0, name.find('.', 1));
}

core::dataset dataset_of(source_import& import) {
  core::dataset source;
  source.user_names = names_in(import.users);
  source.item_names = names_in(import.items);
  source.events = std::move(import.events);
  source.roles = std::move(import.roles);
  source.has_times = import.has_times;
  source.user_attributes = import.user_attributes.take(source.user_names.size());
  source.item_attributes = import.item_attributes.take(source.item_names.size());
  return source;
}

core::dataset read_text_source(const source_options& options,
                               bad_rows& quarantine,
                               core::progress& progress,
                               import_report& report) {
  source_import import{options, quarantine, progress};
  reader_of(options.kind)(import);
  report = import.report;
  return dataset_of(import);
}

core::dataset read_stored_source(const std::string& path, import_report& report) {
  auto source = read_dataset(path);
  report.rows_read = source.events.size();
  report.files.push_back(path);
  return source;
}

void expect_something(const core::dataset& clean,
                      const import_report& report,
                      const std::string& path) {
  if (!clean.events.empty())
    return;
  throw core::error{report.rows_read == 0
                      ? "there are no events"
                      : "no event is left after cleaning (" + report.to_text() + ")",
                    path, "check data.source, or let data.clean drop less"};
}

} // namespace

imported import_source(const source_options& source,
                       const clean_options& clean,
                       const pseudonym_options& pseudonyms,
                       const std::string& quarantine_path,
                       core::progress& progress) {
  const auto stored = source.kind == "dataset";
  if (!stored)
    reader_of(source.kind);
  const auto key =
    pseudonyms.key_file.empty() ? std::string{} : read_key(pseudonyms.key_file);
  bad_rows quarantine{quarantine_path, clean.bad_rows_allow, !key.empty()};
  imported result;
  auto& report = result.report;
  auto raw = stored ? read_stored_source(source.path, report)
                    : read_text_source(source, quarantine, progress, report);
  quarantine.close();
  order_events(raw);
  result.dataset = cleaned(std::move(raw), clean, report);
  auto& dataset = result.dataset;
  if (!stored || dataset.name.empty())
    dataset.name = name_of(source.path);
  report.rows_kept = dataset.events.size();
  report.users = dataset.user_names.size();
  report.items = dataset.item_names.size();
  core::expects(report.adds_up(), "an import accounts for every row");
  expect_something(dataset, report, source.path);
  if (!key.empty())
    pseudonymise(dataset.user_names, key);
  return result;
}

} // namespace souk::data
