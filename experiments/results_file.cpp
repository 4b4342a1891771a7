#include "experiments/results_file.hpp"

#include "core/error.hpp"
#include "experiments/atomic_file.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

constexpr int schema = 1;

ordered_json json_of(const core::result_row& row) {
  ordered_json json;
  json["stage"] = row.stage;
  json["model"] = row.model;
  json["metric"] = row.metric;
  json["group"] = row.group;
  json["mean"] = row.mean;
  json["ci_low"] = row.ci_low;
  json["ci_high"] = row.ci_high;
  json["n"] = row.n;
  // Braces around one value would make a list of it.
  json["against"] = row.against.empty() ? ordered_json() : ordered_json(row.against);
  json["p_value"] = row.p_value ? ordered_json(*row.p_value) : ordered_json();
  json["measured"] = row.measured;
  return json;
}

double number_in(const ordered_json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

core::result_row row_in(const ordered_json& json) {
  core::result_row row;
  json.at("stage").get_to(row.stage);
  json.at("model").get_to(row.model);
  json.at("metric").get_to(row.metric);
  json.at("group").get_to(row.group);
  row.mean = number_in(json.at("mean"));
  row.ci_low = number_in(json.at("ci_low"));
  row.ci_high = number_in(json.at("ci_high"));
  json.at("n").get_to(row.n);
  if (!json.at("against").is_null())
    json.at("against").get_to(row.against);
  if (!json.at("p_value").is_null())
    row.p_value = json.at("p_value").get<double>();
  json.at("measured").get_to(row.measured);
  return row;
}

} // namespace

std::string to_json(const std::vector<core::result_row>& rows) {
  auto text = "{\"schema\":" + std::to_string(schema) + ",\"rows\":[";
  const char* separator = "\n";
  for (const auto& row : rows) {
    text += separator
            + json_of(row).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

std::vector<core::result_row> results_from_json(const std::string& text,
                                                const std::string& source) {
  try {
    const auto json = ordered_json::parse(text);
    if (json.at("schema") != schema)
      throw core::error{"has another schema than this souk", source,
                        "read it with the souk that wrote it"};
    std::vector<core::result_row> rows;
    for (const auto& row : json.at("rows"))
      rows.push_back(row_in(row));
    return rows;
  } catch (const nlohmann::json::exception& broken) {
    throw core::error{std::string{"is no whole table of results ("} + broken.what()
                        + ")",
                      source, "it was damaged or written by something else; run again"};
  }
}

void write_results(const std::string& path, const std::vector<core::result_row>& rows) {
  write_file_atomically(path, to_json(rows));
}

std::vector<core::result_row> read_results(const std::string& path) {
  return results_from_json(read_file(path), path);
}

} // namespace souk::experiments
