#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace souk::experiments {

/// Returns rows of equally many cells as lines: columns as wide as they must be, two
/// blanks between them, the first `num_words` columns to the left, the others (numbers)
/// to the right. Cells are ASCII.
std::string table_of(const std::vector<std::vector<std::string>>& rows,
                     std::size_t num_words);

/// A table whose rows and columns appear in the order of their first cell. Cells that
/// nobody added are blank.
class crossed_table {
public:
  void add(const std::string& row, const std::string& column, const std::string& cell);

  bool empty() const {
    return cells_.empty();
  }

  /// Returns the table with `title` in its corner and an empty line after it.
  std::string text(const std::string& title) const;

private:
  std::vector<std::string> rows_;
  std::vector<std::string> columns_;
  std::map<std::pair<std::string, std::string>, std::string> cells_;
};

} // namespace souk::experiments
