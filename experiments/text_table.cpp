#include "experiments/text_table.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

void note(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end())
    names.push_back(name);
}

} // namespace

std::string table_of(const std::vector<std::vector<std::string>>& rows,
                     std::size_t num_words) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - row[i].size(), ' ');
      line +=
        (i == 0 ? "" : "  ") + (i < num_words ? row[i] + blanks : blanks + row[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

void crossed_table::add(const std::string& row,
                        const std::string& column,
                        const std::string& cell) {
  note(rows_, row);
  note(columns_, column);
  cells_[{row, column}] = cell;
}

std::string crossed_table::text(const std::string& title) const {
  std::vector<std::vector<std::string>> lines{{title}};
  lines.front().insert(lines.front().end(), columns_.begin(), columns_.end());
  for (const auto& row : rows_) {
    lines.push_back({row});
    for (const auto& column : columns_) {
      const auto found = cells_.find({row, column});
      lines.back().push_back(found == cells_.end() ? "" : found->second);
    }
  }
  return table_of(lines, 1) + '\n';
}

} // namespace souk::experiments
