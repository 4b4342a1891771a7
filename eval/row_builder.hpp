#pragma once

#include "core/result_row.hpp"
#include "eval/comparisons.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace souk::eval {

/// Collects the rows of one stage and corrects the p values of its comparisons.
class row_builder {
public:
  explicit row_builder(std::string stage) : stage_{std::move(stage)} {
    // nop
  }

  void add(const std::string& model,
           const std::string& metric,
           const std::string& group,
           const interval& found);

  /// Adds model - against. Its p value waits for those of its family: the comparisons
  /// of the same metric and the same kind of group ("history" of "history=3").
  void add(const std::string& model,
           const std::string& against,
           const std::string& metric,
           const std::string& group,
           const comparison& found);

  /// Returns all rows in the order in which they were added, p values corrected.
  std::vector<core::result_row> finish();

private:
  std::string stage_;
  std::vector<core::result_row> rows_;
  /// Rows of comparisons by metric and kind of group.
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> families_;
};

} // namespace souk::eval
