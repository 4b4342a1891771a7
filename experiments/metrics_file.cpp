#include "experiments/metrics_file.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

std::string line_of(const metric_point& point) {
  ordered_json json;
  json["model"] = point.model;
  json["step"] = point.step;
  json["epoch"] = point.epoch;
  json["name"] = point.name;
  json["value"] = point.value;
  if (!point.role.empty()) {
    json["role"] = point.role;
    json["process"] = point.process;
  }
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

metric_point point_in(const std::string& line) {
  const auto json = ordered_json::parse(line);
  const auto& value = json.at("value");
  metric_point point;
  json.at("model").get_to(point.model);
  json.at("step").get_to(point.step);
  json.at("epoch").get_to(point.epoch);
  json.at("name").get_to(point.name);
  point.value =
    value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
  if (json.contains("role")) {
    json.at("role").get_to(point.role);
    json.at("process").get_to(point.process);
  }
  return point;
}

} // namespace

metrics_file::metrics_file(std::string path) : lines_{std::move(path)} {}

std::uint64_t metrics_file::rewind(const std::string& model, std::uint64_t step) {
  const auto points = read_metrics(lines_.path());
  std::string kept;
  std::uint64_t last = 0;
  for (const auto& point : points) {
    if (point.model == model)
      last = std::max(last, point.step);
    if (point.model != model || point.step <= step)
      kept += line_of(point);
  }
  lines_.replace(kept);
  return last;
}

void metrics_file::append(const metric_point& point) {
  lines_.append(line_of(point));
}

void metrics_file::append(const std::vector<metric_point>& points) {
  std::string lines;
  for (const auto& point : points)
    lines += line_of(point);
  lines_.append(lines);
}

std::vector<metric_point> read_metrics(const std::string& path) {
  std::vector<metric_point> points;
  for (const auto& line : read_lines(path))
    try {
      points.push_back(point_in(line));
    } catch (const nlohmann::json::exception& broken) {
      throw core::error{std::string{"is no point of a curve ("} + broken.what() + ")",
                        path + ':' + std::to_string(points.size() + 1),
                        "it was damaged or written by something else; remove the line"};
    }
  return points;
}

} // namespace souk::experiments
