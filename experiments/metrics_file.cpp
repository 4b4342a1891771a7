#include "experiments/metrics_file.hpp"

#include "core/error.hpp"
#include "experiments/atomic_file.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
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

std::size_t whole_lines(const std::string& text) {
  const auto last = text.rfind('\n');
  return last == std::string::npos ? 0 : last + 1;
}

} // namespace

metrics_file::metrics_file(std::string path) : path_{std::move(path)} {
  if (std::filesystem::exists(path_)) {
    const auto text = read_file(path_);
    if (whole_lines(text) < text.size())
      write_file_atomically(path_, text.substr(0, whole_lines(text)));
  }
  open_file();
}

metrics_file::~metrics_file() {
  close_file();
}

void metrics_file::rewind(const std::string& model, std::uint64_t step) {
  const auto points = read_metrics(path_);
  std::string kept;
  for (const auto& point : points)
    if (point.model != model || point.step <= step)
      kept += line_of(point);
  close_file();
  write_file_atomically(path_, kept);
  open_file();
}

void metrics_file::append(const metric_point& point) {
  write_all(descriptor_, line_of(point), path_);
}

void metrics_file::append(const std::vector<metric_point>& points) {
  std::string lines;
  for (const auto& point : points)
    lines += line_of(point);
  write_all(descriptor_, lines, path_);
}

void metrics_file::open_file() {
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw core::error{std::string{"cannot be written ("} + std::strerror(errno) + ")",
                      path_, "check that the folder exists and can be written"};
}

void metrics_file::close_file() {
  if (descriptor_ >= 0)
    close(descriptor_);
  descriptor_ = -1;
}

std::vector<metric_point> read_metrics(const std::string& path) {
  std::vector<metric_point> points;
  if (!std::filesystem::exists(path))
    return points;
  const auto text = read_file(path);
  const auto end = whole_lines(text);
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < end;) {
    const auto line_end = text.find('\n', begin);
    ++number;
    try {
      points.push_back(point_in(text.substr(begin, line_end - begin)));
    } catch (const nlohmann::json::exception& broken) {
      throw core::error{std::string{"is no point of a curve ("} + broken.what() + ")",
                        path + ':' + std::to_string(number),
                        "it was damaged or written by something else; remove the line"};
    }
    begin = line_end + 1;
  }
  return points;
}

} // namespace souk::experiments
