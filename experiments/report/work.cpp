#include "experiments/report/work.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace souk::experiments {

namespace {

void note(core::role_status& told, const std::string& name, double value) {
  auto& work = told.work;
  const std::map<std::string, double*> seconds{
    {"compute_seconds", &work.compute_seconds},
    {"wait_seconds", &work.wait_seconds},
    {"send_seconds", &work.send_seconds},
    {"apply_seconds", &work.apply_seconds}};
  const std::map<std::string, std::uint64_t*> bytes{
    {"bytes_sent", &work.bytes_sent}, {"bytes_received", &work.bytes_received}};
  if (const auto found = seconds.find(name); found != seconds.end())
    *found->second += value;
  else if (const auto moved = bytes.find(name); moved != bytes.end())
    *moved->second += static_cast<std::uint64_t>(value);
  else if (name == "queue_max")
    work.queue_max = std::max(work.queue_max, static_cast<std::uint64_t>(value));
  else if (name == "restarts")
    told.restarts = std::max(told.restarts, static_cast<std::uint32_t>(value));
  else if (name == "times_slower")
    told.times_slower = std::max(told.times_slower, value);
}

} // namespace

std::vector<role_work> work_of(const std::vector<metric_point>& points) {
  std::vector<role_work> all;
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> places;
  for (const auto& point : points) {
    if (point.role.empty() || !(point.value >= 0))
      continue;
    const auto [place, is_new] =
      places.try_emplace({point.model, point.role, point.process}, all.size());
    if (is_new) {
      all.push_back({point.model, {}});
      all.back().told.role = point.role;
      all.back().told.process = point.process;
    }
    note(all[place->second].told, point.name, point.value);
  }
  return all;
}

} // namespace souk::experiments
