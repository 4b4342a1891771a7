#pragma once

#include "core/error.hpp"
#include "data/import.hpp"
#include "tests/support/scratch_folder.hpp"

#include <string>
#include <utility>
#include <vector>

namespace souk::test {

/// Options that keep whatever is readable.
inline data::clean_options keep_everything() {
  data::clean_options clean;
  clean.positive_above = -1;
  clean.min_user_events = 0;
  clean.min_item_users = 0;
  clean.drop_duplicates = false;
  return clean;
}

inline data::imported import_from(const std::string& kind,
                                  const std::string& path,
                                  const data::clean_options& clean = keep_everything(),
                                  const data::pseudonym_options& pseudonyms = {},
                                  const std::string& quarantine = {}) {
  data::source_options source;
  source.kind = kind;
  source.path = path;
  core::silent_progress silent;
  return data::import_source(source, clean, pseudonyms, quarantine, silent);
}

/// Returns what the error says, or "" if there is none.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const core::error& problem) {
    return problem.what();
  }
  return {};
}

/// "user item" of every event, by name.
inline std::vector<std::string> pairs_in(const core::dataset& dataset) {
  std::vector<std::string> pairs;
  for (const auto& event : dataset.events)
    pairs.push_back(dataset.user_names[event.user] + " "
                    + dataset.item_names[event.item]);
  return pairs;
}

/// The word of a category, "" where it is missing.
inline std::string word_of(const core::attribute_table& table,
                           const std::string& column,
                           std::size_t row) {
  const auto* found = table.find(column);
  if (!found)
    return "(no such column)";
  const auto codes = found->codes_of(row);
  return codes.empty() ? "" : found->vocabulary[codes[0]];
}

/// The words of a row, joined by commas.
inline std::string words_of(const core::attribute_table& table,
                            const std::string& column,
                            std::size_t row) {
  const auto* found = table.find(column);
  if (!found)
    return "(no such column)";
  std::string words;
  for (const auto code : found->codes_of(row))
    words += (words.empty() ? "" : ",") + found->vocabulary[code];
  return words;
}

} // namespace souk::test
