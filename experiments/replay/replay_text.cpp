#include "experiments/replay/replay_text.hpp"

#include "experiments/number_words.hpp"
#include "experiments/text_table.hpp"

#include <cstdio>

namespace souk::experiments {

namespace {

constexpr std::size_t unknown_named_max = 5;

std::string number(double value, const char* format = "%.4f") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.rfind(beginning, 0) == 0;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size()
         && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_count(const core::result_row& row) {
  return row.metric == "users" || begins_with(row.metric, "events");
}

/// All metrics of one kind of group, a line per group.
std::string table_by(const std::string& kind,
                     const std::string& title,
                     const std::vector<core::result_row>& rows) {
  crossed_table table;
  for (const auto& row : rows) {
    if (!begins_with(row.group, kind))
      continue;
    const auto bucket = row.group.substr(kind.size());
    table.add(bucket, "events", grouped(row.n));
    table.add(bucket, row.metric, number(row.mean));
  }
  return table.empty() ? "" : table.text(title);
}

} // namespace

std::string text_of_replay(const std::vector<core::result_row>& rows) {
  crossed_table overall;
  crossed_table counts;
  crossed_table measured;
  for (const auto& row : rows) {
    if (row.measured)
      measured.add(row.metric, "",
                   ends_with(row.metric, "_per_second") ? rate_text(row.mean)
                                                        : number(row.mean, "%.3g"));
    else if (is_count(row))
      counts.add(row.metric, "", grouped(row.n));
    else if (row.group == "all") {
      overall.add(row.metric, "mean", number(row.mean));
      overall.add(row.metric, "95% interval",
                  '[' + number(row.ci_low) + ", " + number(row.ci_high) + ']');
    }
  }
  std::string text;
  if (!overall.empty())
    text += overall.text("next item");
  text += table_by("position=", "by position in session", rows);
  text += table_by("history=", "by length of history", rows);
  if (!counts.empty())
    text += counts.text("what was replayed");
  if (!measured.empty())
    text += measured.text("measured");
  return text;
}

std::string
unknown_in_words(const std::vector<std::pair<std::string, std::uint64_t>>& unknown) {
  if (unknown.empty())
    return "";
  std::uint64_t events = 0;
  std::string names;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    events += unknown[i].second;
    if (i < unknown_named_max)
      names += (i == 0 ? "" : ", ") + unknown[i].first + " ("
               + grouped(unknown[i].second) + ')';
  }
  if (unknown.size() > unknown_named_max)
    names += ", ...";
  return grouped(events) + " events are of " + grouped(unknown.size())
         + " items that the model does not know: " + names;
}

} // namespace souk::experiments
