#include "actors/run_board.hpp"

#include <algorithm>
#include <utility>

namespace souk::actors {

run_board::run_board(clock now) : now_{now} {
  // nop
}

void run_board::set_directory(const std::string& directory) {
  const std::lock_guard guard{mutex_};
  status_.directory = directory;
}

void run_board::advance(const std::string& task,
                        std::uint64_t done,
                        std::uint64_t total,
                        const std::string& unit,
                        const std::string& detail) {
  const std::lock_guard guard{mutex_};
  const auto now = now_();
  if (task != status_.task || done < status_.done) {
    status_.epoch = 0;
    task_began_ = now;
    done_at_begin_ = done;
  }
  status_.task = task;
  status_.done = done;
  status_.total = total;
  status_.unit = unit;
  status_.detail = detail;
  const auto seconds = now - task_began_;
  status_.units_per_second =
    seconds > 0 ? static_cast<double>(done - done_at_begin_) / seconds : 0;
}

void run_board::processes(std::vector<std::string> names, std::uint32_t generation) {
  const std::lock_guard guard{mutex_};
  status_.processes = std::move(names);
  status_.generation = generation;
}

void run_board::begin_training() {
  const std::lock_guard guard{mutex_};
  roles_.clear();
}

run_board::known_role& run_board::find(const std::string& role) {
  const auto found =
    std::find_if(roles_.begin(), roles_.end(),
                 [&](const known_role& each) { return each.total.role == role; });
  if (found != roles_.end())
    return *found;
  roles_.emplace_back();
  roles_.back().total.role = role;
  return roles_.back();
}

void run_board::started(const std::string& role, const std::string& process) {
  const std::lock_guard guard{mutex_};
  auto& entry = find(role);
  entry.total.process = process;
  entry.total.times_slower = 0;
  entry.total.restarts = entry.starts++;
}

std::string run_board::process_of(const std::string& role) const {
  const std::lock_guard guard{mutex_};
  for (const auto& entry : roles_)
    if (entry.total.role == role)
      return entry.total.process;
  return {};
}

void run_board::worked(const std::string& role, const core::work_counters& more) {
  const std::lock_guard guard{mutex_};
  auto& entry = find(role);
  core::add(entry.total.work, more);
  core::add(entry.since_taken, more);
}

void run_board::slower(const std::string& role, double times) {
  const std::lock_guard guard{mutex_};
  find(role).total.times_slower = times;
}

void run_board::epoch(std::uint64_t number) {
  const std::lock_guard guard{mutex_};
  status_.epoch = number;
}

void run_board::checkpoints(std::uint64_t written, std::uint64_t failed) {
  const std::lock_guard guard{mutex_};
  status_.checkpoints_written = written;
  status_.checkpoints_failed = failed;
}

std::vector<core::role_status> run_board::take_work() {
  const std::lock_guard guard{mutex_};
  std::vector<core::role_status> taken;
  for (auto& entry : roles_) {
    taken.push_back(entry.total);
    taken.back().work = std::exchange(entry.since_taken, {});
  }
  return taken;
}

core::run_status run_board::status() const {
  const std::lock_guard guard{mutex_};
  auto status = status_;
  for (const auto& entry : roles_)
    status.roles.push_back(entry.total);
  return status;
}

} // namespace souk::actors
