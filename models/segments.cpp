#include "models/segments.hpp"

#include "models/snapshot_checks.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace souk::models {

namespace {

constexpr std::size_t most_bands = 8;

bool is_usable(const core::attribute_column* column) {
  return column != nullptr && column->kind != core::attribute_kind::text;
}

/// Cuts numbers into bands of nearly equally many users; few distinct values get a band
/// each.
std::vector<float> band_edges(const std::vector<double>& numbers) {
  std::vector<float> known;
  for (const auto number : numbers)
    if (std::isfinite(number))
      known.push_back(static_cast<float>(number));
  std::sort(known.begin(), known.end());
  auto edges = known;
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (edges.size() > most_bands) {
    edges.clear();
    for (std::size_t band = 0; band < most_bands; ++band)
      edges.push_back(known[known.size() * band / most_bands]);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  }
  // The first band reaches down without end.
  if (!edges.empty())
    edges.erase(edges.begin());
  return edges;
}

std::uint32_t band_of(const std::vector<float>& edges, double number) {
  if (!std::isfinite(number))
    return core::no_code;
  return static_cast<std::uint32_t>(
    std::upper_bound(edges.begin(), edges.end(), static_cast<float>(number))
    - edges.begin());
}

std::vector<std::uint32_t> codes_in(const segment_column& column,
                                    const core::attribute_table& users) {
  std::vector<std::uint32_t> codes(users.num_rows, core::no_code);
  const auto* found = users.find(column.name);
  if (found == nullptr)
    return codes;
  if (column.kind == core::attribute_kind::number) {
    if (found->kind == core::attribute_kind::number)
      for (std::size_t row = 0; row < users.num_rows; ++row)
        codes[row] = band_of(column.edges, found->numbers[row]);
    return codes;
  }
  if (found->kind != core::attribute_kind::category
      && found->kind != core::attribute_kind::categories)
    return codes;
  std::unordered_map<std::string, std::uint32_t> code_of_word;
  for (const auto& word : column.vocabulary)
    code_of_word.emplace(word, static_cast<std::uint32_t>(code_of_word.size()));
  std::vector<std::uint32_t> translated;
  for (const auto& word : found->vocabulary) {
    const auto known = code_of_word.find(word);
    translated.push_back(known == code_of_word.end() ? core::no_code : known->second);
  }
  for (std::size_t row = 0; row < users.num_rows; ++row)
    // Of several categories the first one counts.
    if (const auto row_codes = found->codes_of(row); !row_codes.empty())
      codes[row] = translated[row_codes[0]];
  return codes;
}

std::string escaped(const std::string& word) {
  std::string text;
  for (const auto c : word)
    if (c == '\n')
      text += "\\n";
    else if (c == '\\')
      text += "\\\\";
    else
      text += c;
  return text;
}

/// Splits what `escaped` words, each followed by a line end, were joined to.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      words.push_back(std::exchange(word, {}));
    else if (text[i] == '\\' && i + 1 < text.size())
      word += text[++i] == 'n' ? '\n' : text[i];
    else
      word += text[i];
  return words;
}

std::string prefix(std::size_t column) {
  return "column." + std::to_string(column) + ".";
}

} // namespace

std::vector<segment_column> segment_columns(const core::attribute_table& users,
                                            const std::vector<std::string>& names) {
  std::vector<segment_column> columns;
  for (const auto& name : names) {
    const auto* found = users.find(name);
    if (!is_usable(found))
      continue;
    segment_column column;
    column.name = name;
    if (found->kind == core::attribute_kind::number) {
      column.kind = core::attribute_kind::number;
      column.edges = band_edges(found->numbers);
    } else {
      column.vocabulary = found->vocabulary;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::vector<std::uint32_t>>
segment_codes(const std::vector<segment_column>& columns,
              const core::attribute_table& users) {
  std::vector<std::vector<std::uint32_t>> rows(users.num_rows);
  for (const auto& column : columns) {
    const auto codes = codes_in(column, users);
    for (std::size_t row = 0; row < users.num_rows; ++row)
      rows[row].push_back(codes[row]);
  }
  return rows;
}

void store(const std::vector<segment_column>& columns, core::snapshot& model) {
  model.options["columns"] = std::to_string(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& column = columns[i];
    const auto is_number = column.kind == core::attribute_kind::number;
    model.options[prefix(i) + "name"] = column.name;
    model.options[prefix(i) + "kind"] = is_number ? "number" : "category";
    model.options[prefix(i) + "bands"] = std::to_string(column.edges.size());
    auto& vocabulary = model.options[prefix(i) + "vocabulary"];
    for (const auto& word : column.vocabulary)
      vocabulary += escaped(word) + "\n";
    // A tensor without values could not be stored.
    if (!column.edges.empty())
      model.tensors[prefix(i) + "edges"] = {
        {column.edges.size()}, {column.edges.begin(), column.edges.end()}, {}};
  }
}

std::vector<segment_column> load_segment_columns(const core::snapshot& model) {
  std::vector<segment_column> columns(whole_number(model, "columns"));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& column = columns[i];
    column.name = model.option(prefix(i) + "name");
    column.vocabulary = words_of(model.option(prefix(i) + "vocabulary"));
    if (model.option(prefix(i) + "kind") == "number")
      column.kind = core::attribute_kind::number;
    const auto num_edges = whole_number(model, prefix(i) + "bands");
    if (num_edges == 0)
      continue;
    const auto& edges = floats_of(model, prefix(i) + "edges", {num_edges}).floats;
    column.edges.assign(edges.begin(), edges.end());
  }
  return columns;
}

} // namespace souk::models
