#include "experiments/summary.hpp"

#include "experiments/text_table.hpp"

#include <algorithm>
#include <cstdio>

namespace souk::experiments {

namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 1000 ? "%.0f" : "%.4f", value);
  return text;
}

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
  crossed_table offline;
  crossed_table strangers;
  crossed_table online;
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
  crossed_table all;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const auto& row : runs[i])
      if (row.against.empty() && row.group.rfind("day=", 0) != 0)
        all.add(row.stage + " " + row.model + " " + row.metric + " " + row.group,
                names[i], number(row.mean));
  return all.text("mean");
}

} // namespace souk::experiments
