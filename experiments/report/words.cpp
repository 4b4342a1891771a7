#include "experiments/report/words.hpp"

#include "experiments/number_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace souk::experiments {

namespace {

std::string with_format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

} // namespace

std::string in_words(double value) {
  const auto size = std::fabs(value);
  if (size >= 1000 && size < 1e15)
    return (value < 0 ? "-" : "")
           + grouped(static_cast<std::uint64_t>(std::llround(size)));
  if (size >= 10)
    return with_format("%.1f", value);
  if (size >= 1)
    return with_format("%.2f", value);
  if (size >= 0.001 || size == 0)
    return with_format("%.4f", value);
  return with_format("%.2g", value);
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::string interval_in_words(const core::result_row& row) {
  if (!(row.ci_low < row.ci_high))
    return "";
  return " (95% interval " + in_words(row.ci_low) + " to " + in_words(row.ci_high)
         + ")";
}

std::string certainty_of(const core::result_row& comparison) {
  if (!comparison.p_value)
    return "too few values to tell chance";
  const auto p = *comparison.p_value;
  return (p < 0.001 ? std::string{"p < 0.001"} : "p = " + with_format("%.3f", p))
         + " after Holm's correction";
}

std::vector<core::result_row> ranked(const std::vector<core::result_row>& rows,
                                     const std::string& stage,
                                     const std::string& metric,
                                     const std::string& group) {
  std::vector<core::result_row> found;
  for (const auto& row : rows)
    if (row.stage == stage && row.metric == metric && row.group == group
        && row.against.empty() && !row.measured && std::isfinite(row.mean))
      found.push_back(row);
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return found;
}

std::optional<core::result_row> compared(const std::vector<core::result_row>& rows,
                                         const core::result_row& model,
                                         const std::string& against) {
  for (auto row : rows) {
    if (row.stage != model.stage || row.metric != model.metric
        || row.group != model.group)
      continue;
    if (row.model == model.model && row.against == against)
      return row;
    if (row.model != against || row.against != model.model)
      continue;
    std::swap(row.model, row.against);
    row.mean = -row.mean;
    row.ci_low = -std::exchange(row.ci_high, -row.ci_low);
    return row;
  }
  return std::nullopt;
}

std::string headline_metric(const std::vector<core::result_row>& rows,
                            const std::string& stage) {
  std::string first;
  for (const auto& row : rows) {
    if (row.stage != stage || row.measured || !row.against.empty())
      continue;
    if (row.metric.rfind("ndcg@", 0) == 0)
      return row.metric;
    if (first.empty())
      first = row.metric;
  }
  return first;
}

} // namespace souk::experiments
