#include "experiments/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <tuple>

namespace souk::experiments {

namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 1000 ? "%.0f" : "%.4f", value);
  return text;
}

/// A table whose rows and columns appear in the order of their first cell.
class table {
public:
  void add(const std::string& row, const std::string& column, const std::string& cell) {
    note(rows_, row);
    note(columns_, column);
    cells_[{row, column}] = cell;
  }

  bool empty() const {
    return cells_.empty();
  }

  std::string text(const std::string& title) const {
    std::size_t head = title.size();
    for (const auto& row : rows_)
      head = std::max(head, row.size());
    auto text = padded(title, head, false);
    for (const auto& column : columns_)
      text += "  " + padded(column, width_of(column), true);
    text += '\n';
    for (const auto& row : rows_) {
      text += padded(row, head, false);
      for (const auto& column : columns_)
        text += "  " + padded(cell(row, column), width_of(column), true);
      text += '\n';
    }
    return text + '\n';
  }

private:
  static void note(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }

  static std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::string blanks(width > text.size() ? width - text.size() : 0, ' ');
    return right ? blanks + text : text + blanks;
  }

  std::string cell(const std::string& row, const std::string& column) const {
    const auto found = cells_.find({row, column});
    return found == cells_.end() ? std::string{} : found->second;
  }

  std::size_t width_of(const std::string& column) const {
    auto width = column.size();
    for (const auto& row : rows_)
      width = std::max(width, cell(row, column).size());
    return width;
  }

  std::vector<std::string> rows_;
  std::vector<std::string> columns_;
  std::map<std::pair<std::string, std::string>, std::string> cells_;
};

bool is_mean(const core::result_row& row) {
  return !row.measured && row.against.empty();
}

std::string with_interval(const core::result_row& row) {
  return number(row.mean) + " [" + number(row.ci_low) + ", " + number(row.ci_high)
         + "]";
}

const std::vector<std::string> told_of_policies{"click_through_rate",
                                                "purchases_per_user",
                                                "revenue_per_user",
                                                "satisfaction",
                                                "churn",
                                                "expected_slate_value"};

} // namespace

std::string summary_of(const std::vector<core::result_row>& rows) {
  table offline;
  table strangers;
  table online;
  for (const auto& row : rows) {
    if (!is_mean(row))
      continue;
    if (row.stage == "offline")
      offline.add(row.model, row.metric, with_interval(row));
    else if (row.stage == "cold_start" && row.metric.rfind("ndcg", 0) == 0)
      strangers.add(row.model, row.group, number(row.mean));
    else if (row.stage == "online" && row.group == "all"
             && std::find(told_of_policies.begin(), told_of_policies.end(), row.metric)
                  != told_of_policies.end())
      online.add(row.model, row.metric, number(row.mean));
  }
  std::string text;
  if (!offline.empty())
    text += offline.text("held-out users");
  if (!strangers.empty())
    text += strangers.text("strangers, ndcg");
  if (!online.empty())
    text += online.text("shoppers");
  return text;
}

std::string comparison_of(const std::vector<std::string>& names,
                          const std::vector<std::vector<core::result_row>>& runs) {
  table all;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const auto& row : runs[i])
      if (row.against.empty() && row.group.rfind("day=", 0) != 0)
        all.add(row.stage + " " + row.model + " " + row.metric + " " + row.group,
                names[i], number(row.mean));
  return all.text("mean");
}

} // namespace souk::experiments
