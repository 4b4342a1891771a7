#include "experiments/realism_text.hpp"

#include "experiments/number_words.hpp"
#include "experiments/text_table.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace souk::experiments {

namespace {

using eval::realism::realism_report;

std::string decimals(double value, int count = 3) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", count, value);
  return text;
}

std::string interval_text(const eval::interval& of) {
  return decimals(of.low) + ".." + decimals(of.high);
}

/// Three digits that matter.
std::string value_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

nlohmann::ordered_json json_of(const eval::interval& of) {
  return {{"value", of.mean}, {"ci_low", of.low}, {"ci_high", of.high}};
}

} // namespace

std::string realism_text(const realism_report& report,
                         const compared_sizes& sizes,
                         const std::vector<std::string>& notes) {
  std::string text;
  text += "LOG      " + sizes.ours + ": " + grouped(sizes.our_users) + " users, "
          + grouped(sizes.our_events) + " events\n";
  text += "against  " + sizes.theirs + ": " + grouped(sizes.their_users) + " users, "
          + grouped(sizes.their_events) + " events\n";
  for (const auto& note : notes)
    text += "note     " + note + '\n';
  std::vector<std::vector<std::string>> rows{{"statistic", "measure", "of", "LOG",
                                              "against", "distance", "95%", "halves",
                                              "real?"}};
  for (const auto& of : report.scored)
    rows.push_back({of.name, of.measure, of.unit, value_text(of.ours),
                    value_text(of.theirs), decimals(of.distance.mean),
                    interval_text(of.distance), decimals(of.control),
                    of.measure != "KS"                  ? "-"
                    : of.distance.mean <= tolerance(of) ? "yes"
                                                        : "no"});
  text += '\n' + table_of(rows, 3) + '\n';
  text += "classifier two-sample test: AUC " + decimals(report.auc.mean) + " ("
          + interval_text(report.auc) + "); halves " + decimals(report.auc_control.mean)
          + " (" + interval_text(report.auc_control) + ")\n";
  text += "\"halves\": what two random halves of the second log's users differ. "
          "\"real?\": at most 0.10,\nor 1.5 times that.\n";
  for (const auto& missing : report.missing)
    text += "left out: " + missing.name + ": " + missing.reason + '\n';
  return text;
}

std::string realism_json(const realism_report& report,
                         const compared_sizes& sizes,
                         const std::vector<std::string>& notes) {
  nlohmann::ordered_json json{
    {"log",
     {{"path", sizes.ours}, {"users", sizes.our_users}, {"events", sizes.our_events}}},
    {"against",
     {{"path", sizes.theirs},
      {"users", sizes.their_users},
      {"events", sizes.their_events}}},
    {"notes", notes},
    {"statistics", nlohmann::ordered_json::array()},
    {"left_out", nlohmann::ordered_json::array()}};
  for (const auto& of : report.scored) {
    nlohmann::ordered_json row{
      {"statistic", of.name}, {"measure", of.measure},
      {"unit", of.unit},      {"log", of.ours},
      {"against", of.theirs}, {"distance", json_of(of.distance)},
      {"halves", of.control}};
    if (of.measure == "KS") {
      row["tolerance"] = tolerance(of);
      row["real"] = of.distance.mean <= tolerance(of);
    }
    if (of.wasserstein)
      row["wasserstein"] = *of.wasserstein;
    json["statistics"].push_back(row);
  }
  for (const auto& missing : report.missing)
    json["left_out"].push_back(
      {{"statistic", missing.name}, {"reason", missing.reason}});
  json["two_sample"] = {{"auc", json_of(report.auc)},
                        {"halves", json_of(report.auc_control)}};
  return json.dump(2) + '\n';
}

} // namespace souk::experiments
