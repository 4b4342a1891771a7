#include "experiments/status_text.hpp"

#include "experiments/number_words.hpp"
#include "experiments/text_table.hpp"

#include <nlohmann/json.hpp>

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

std::string bytes_or_none(std::uint64_t bytes) {
  return bytes == 0 ? "-" : bytes_text(static_cast<double>(bytes));
}

std::string progress_of(const core::run_status& status) {
  if (status.task.empty())
    return "starting\n";
  auto text = status.task + ": " + grouped(status.done);
  if (status.total > 0)
    text += " of " + grouped(status.total) + ' ' + status.unit + " ("
            + percent_text(static_cast<double>(status.done)
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
          bytes_or_none(work.bytes_sent),
          bytes_or_none(work.bytes_received),
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
  return text + '\n' + table_of(rows, 2);
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
