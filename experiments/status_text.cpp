#include "experiments/status_text.hpp"

#include "experiments/progress_bar.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

std::optional<double> seconds_left(const core::run_status& status) {
  if (status.total < status.done || status.total == 0 || status.units_per_second <= 0)
    return std::nullopt;
  return static_cast<double>(status.total - status.done) / status.units_per_second;
}

std::string with_format(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string bytes_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes == 0)
    return "-";
  if (size < 1e6)
    return with_format("%.1f kB", size / 1e3);
  return size < 1e9 ? with_format("%.1f MB", size / 1e6)
                    : with_format("%.2f GB", size / 1e9);
}

std::string progress_of(const core::run_status& status) {
  if (status.task.empty())
    return "starting\n";
  auto text = status.task + ": " + grouped(status.done);
  if (status.total > 0)
    text += " of " + grouped(status.total) + ' ' + status.unit + " ("
            + with_format("%.0f%%", 100.0 * static_cast<double>(status.done)
                                      / static_cast<double>(status.total))
            + ")";
  else
    text += ' ' + status.unit;
  if (status.epoch > 0)
    text += ", epoch " + grouped(status.epoch);
  if (status.units_per_second > 0)
    text += ", " + rate_text(status.units_per_second) + ' ' + status.unit + "/s";
  if (const auto left = seconds_left(status))
    text += ", " + clock_text(*left) + " left";
  return text + (status.detail.empty() ? "" : "; " + status.detail) + '\n';
}

using cells = std::vector<std::string>;

/// Columns as wide as they must be; the first two to the left, numbers to the right.
std::string table_of(const std::vector<cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - row[i].size(), ' ');
      line += (i == 0 ? "" : "  ") + (i < 2 ? row[i] + blanks : blanks + row[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

cells row_of(const core::role_status& role) {
  const auto& work = role.work;
  const auto seconds = [](double value) {
    return with_format("%.1f s", value);
  };
  return {role.role,
          role.process,
          seconds(work.compute_seconds),
          seconds(work.apply_seconds),
          seconds(work.send_seconds),
          seconds(work.wait_seconds),
          bytes_text(work.bytes_sent),
          bytes_text(work.bytes_received),
          grouped(work.queue_max),
          grouped(role.restarts)};
}

ordered_json json_of(const core::role_status& role) {
  const auto& work = role.work;
  ordered_json json;
  json["role"] = role.role;
  json["process"] = role.process;
  json["compute_seconds"] = work.compute_seconds;
  json["apply_seconds"] = work.apply_seconds;
  json["send_seconds"] = work.send_seconds;
  json["wait_seconds"] = work.wait_seconds;
  json["bytes_sent"] = work.bytes_sent;
  json["bytes_received"] = work.bytes_received;
  json["queue_max"] = work.queue_max;
  json["restarts"] = role.restarts;
  json["times_slower"] =
    role.times_slower > 0 ? ordered_json(role.times_slower) : ordered_json();
  return json;
}

} // namespace

std::string text_of(const core::run_status& status) {
  auto text = status.directory + '\n' + progress_of(status);
  text += "checkpoints: " + grouped(status.checkpoints_written) + " written, "
          + grouped(status.checkpoints_failed) + " failed\n";
  text += "generation " + grouped(status.generation) + ": ";
  for (std::size_t i = 0; i < status.processes.size(); ++i)
    text += (i == 0 ? "" : ", ") + status.processes[i];
  text += '\n';
  for (const auto& role : status.roles)
    if (role.times_slower > 0)
      text += "slow: " + role.role + " in " + role.process + " computes "
              + with_format("%.1f", role.times_slower)
              + " times as long as its peers\n";
  if (status.roles.empty())
    return text;
  std::vector<cells> rows{{"role", "process", "computes", "applies", "sends", "waits",
                           "sent", "received", "queue", "restarts"}};
  for (const auto& role : status.roles)
    rows.push_back(row_of(role));
  return text + '\n' + table_of(rows);
}

std::string json_of(const core::run_status& status) {
  ordered_json json;
  json["directory"] = status.directory;
  json["task"] = status.task;
  json["detail"] = status.detail;
  json["unit"] = status.unit;
  json["done"] = status.done;
  json["total"] = status.total;
  json["units_per_second"] = status.units_per_second;
  const auto left = seconds_left(status);
  json["seconds_left"] = left ? ordered_json(*left) : ordered_json();
  json["epoch"] = status.epoch;
  json["generation"] = status.generation;
  json["processes"] = status.processes;
  json["checkpoints_written"] = status.checkpoints_written;
  json["checkpoints_failed"] = status.checkpoints_failed;
  json["roles"] = ordered_json::array();
  for (const auto& role : status.roles)
    json["roles"].push_back(json_of(role));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

} // namespace souk::experiments
