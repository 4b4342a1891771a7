#include "experiments/report/page_data.hpp"

#include "experiments/report/curves.hpp"
#include "experiments/report/work.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t points_per_curve = 240;

/// More digits than any chart or table shows, and half of those that a double has:
/// pages of large runs are mostly numbers.
ordered_json json_of(double value) {
  if (!std::isfinite(value))
    return {};
  char text[32];
  std::snprintf(text, sizeof text, "%.8g", value);
  return std::strtod(text, nullptr);
}

/// Newcomers are compared with what serves those of whom nothing is known; all other
/// comparisons of parts of a shop would be a crowd.
bool is_for_newcomers(const core::result_row& row) {
  const auto is_yardstick = [](const std::string& policy) {
    return policy == "segment_popularity" || policy == "popularity";
  };
  return (row.group.rfind("history=", 0) == 0 || row.group.rfind("item_age=", 0) == 0)
         && (is_yardstick(row.model) || is_yardstick(row.against));
}

bool is_shown(const core::result_row& row) {
  return row.stage != "online" || row.against.empty() || row.group == "all"
         || is_for_newcomers(row);
}

ordered_json json_of(const core::result_row& row) {
  auto json = ordered_json::array();
  for (const auto* text : {&row.stage, &row.model, &row.metric, &row.group})
    json.push_back(*text);
  for (const auto value : {row.mean, row.ci_low, row.ci_high})
    json.push_back(json_of(value));
  json.push_back(row.n);
  json.push_back(row.against);
  json.push_back(row.p_value ? json_of(*row.p_value) : ordered_json());
  json.push_back(row.measured);
  return json;
}

ordered_json json_of(const curve& drawn) {
  auto points = ordered_json::array();
  for (const auto& point : drawn.points)
    points.push_back({point.step, point.epoch, json_of(point.value)});
  ordered_json json;
  json["model"] = drawn.model;
  json["name"] = drawn.name;
  json["mean_of"] = drawn.mean_of;
  json["points"] = std::move(points);
  return json;
}

ordered_json json_of(const role_work& role) {
  const auto& work = role.told.work;
  ordered_json json;
  json["model"] = role.model;
  json["role"] = role.told.role;
  json["process"] = role.told.process;
  json["compute"] = json_of(work.compute_seconds);
  json["wait"] = json_of(work.wait_seconds);
  json["send"] = json_of(work.send_seconds);
  json["apply"] = json_of(work.apply_seconds);
  json["sent"] = work.bytes_sent;
  json["received"] = work.bytes_received;
  json["queue"] = work.queue_max;
  json["restarts"] = role.told.restarts;
  json["slower"] = json_of(role.told.times_slower);
  return json;
}

} // namespace

std::string page_data_of(const finished_run& run) {
  ordered_json data;
  data["manifest"] = ordered_json::parse(to_json(run.record));
  data["rows"] = ordered_json::array();
  for (const auto& row : run.rows)
    if (is_shown(row))
      data["rows"].push_back(json_of(row));
  data["curves"] = ordered_json::array();
  for (const auto& each : curves_of(run.points, points_per_curve))
    data["curves"].push_back(json_of(each));
  data["work"] = ordered_json::array();
  for (const auto& role : work_of(run.points))
    data["work"].push_back(json_of(role));
  if (!run.plan.empty())
    data["plan"] = ordered_json::parse(run.plan);
  data["configuration"] = run.configuration;
  return data.dump(-1, ' ', /*ensure_ascii=*/true,
                   ordered_json::error_handler_t::replace);
}

} // namespace souk::experiments
