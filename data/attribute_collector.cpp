#include "data/attribute_collector.hpp"

#include "core/error.hpp"
#include "data/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace souk::data {

namespace {

template <class T>
T& at_row(std::vector<T>& values, std::uint32_t row, const T& missing) {
  if (values.size() <= row)
    values.resize(std::size_t{row} + 1, missing);
  return values[row];
}

constexpr auto no_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

std::size_t attribute_collector::column(const std::string& name,
                                        core::attribute_kind kind) {
  for (std::size_t i = 0; i < drafts_.size(); ++i)
    if (drafts_[i].column.name == name)
      return i;
  drafts_.emplace_back();
  drafts_.back().column.name = name;
  drafts_.back().column.kind = kind;
  return drafts_.size() - 1;
}

void attribute_collector::set_word(std::size_t column,
                                   std::uint32_t row,
                                   std::string_view word) {
  auto& draft = drafts_[column];
  if (!word.empty())
    at_row(draft.column.codes, row, core::no_code) = draft.words.number_of(word);
}

void attribute_collector::set_words(std::size_t column,
                                    std::uint32_t row,
                                    const std::vector<std::string_view>& words) {
  auto& draft = drafts_[column];
  auto& list = at_row(draft.lists, row, {});
  list.clear();
  for (const auto word : words) {
    if (word.empty())
      continue;
    const auto code = draft.words.number_of(word);
    if (std::find(list.begin(), list.end(), code) == list.end())
      list.push_back(code);
  }
}

void attribute_collector::set_number(std::size_t column,
                                     std::uint32_t row,
                                     double number) {
  at_row(drafts_[column].column.numbers, row, no_number) = number;
}

void attribute_collector::set_text(std::size_t column,
                                   std::uint32_t row,
                                   std::string_view text) {
  at_row(drafts_[column].column.texts, row, {}) = to_utf8(text);
}

bool attribute_collector::has(std::size_t column, std::uint32_t row) const {
  const auto& draft = drafts_[column];
  switch (draft.column.kind) {
  case core::attribute_kind::category:
    return row < draft.column.codes.size() && draft.column.codes[row] != core::no_code;
  case core::attribute_kind::categories:
    return row < draft.lists.size() && !draft.lists[row].empty();
  case core::attribute_kind::number:
    return row < draft.column.numbers.size() && !std::isnan(draft.column.numbers[row]);
  case core::attribute_kind::text:
    return row < draft.column.texts.size() && !draft.column.texts[row].empty();
  }
  return false;
}

core::attribute_table attribute_collector::take(std::size_t num_rows) {
  core::attribute_table table{num_rows, {}};
  for (auto& draft : drafts_) {
    auto column = std::move(draft.column);
    for (std::uint32_t i = 0; i < draft.words.size(); ++i)
      column.vocabulary.emplace_back(draft.words[i]);
    switch (column.kind) {
    case core::attribute_kind::category:
      column.codes.resize(num_rows, core::no_code);
      break;
    case core::attribute_kind::categories:
      draft.lists.resize(num_rows);
      column.offsets.push_back(0);
      for (const auto& list : draft.lists) {
        column.codes.insert(column.codes.end(), list.begin(), list.end());
        column.offsets.push_back(column.codes.size());
      }
      break;
    case core::attribute_kind::number:
      column.numbers.resize(num_rows, no_number);
      break;
    case core::attribute_kind::text:
      column.texts.resize(num_rows);
      break;
    }
    table.columns.push_back(std::move(column));
  }
  drafts_.clear();
  return table;
}

} // namespace souk::data
