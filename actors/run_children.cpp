#include "actors/run_children.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace souk::actors {

namespace {

/// Each child may fail so often in a row before it ever takes part.
constexpr std::uint32_t failed_starts_of_each_max = 3;

constexpr auto moment = std::chrono::milliseconds{5};

} // namespace

run_children::run_children(std::vector<std::string> command, std::uint32_t wanted)
  : command_{std::move(command)}, wanted_{wanted} {
  // nop
}

void run_children::start() {
  while (children_.size() < wanted_)
    children_.emplace_back(command_);
}

void run_children::start_one() {
  if (failed_starts_ < failed_starts_of_each_max * (wanted_ + 1))
    children_.emplace_back(command_);
}

std::string run_children::end_of(pid_t id) {
  for (auto& child : children_)
    if (child.id() == id)
      return child.end();
  return {};
}

std::string run_children::end_soon_of(pid_t id) {
  const auto is_child =
    std::any_of(children_.begin(), children_.end(),
                [&](const auto& child) { return child.id() == id; });
  for (int i = 0; is_child && i < 40 && end_of(id).empty(); ++i)
    std::this_thread::sleep_for(moment);
  return end_of(id);
}

void run_children::remove(pid_t id) {
  children_.remove_if([&](child_process& child) {
    if (child.id() == id)
      child.kill();
    return child.id() == id;
  });
}

void run_children::replace(pid_t id) {
  const auto before = children_.size();
  remove(id);
  if (children_.size() < before)
    start_one();
}

void run_children::replace_failed(pid_t id) {
  ++failed_starts_;
  replace(id);
}

std::vector<pid_t> run_children::ended_besides(const std::vector<pid_t>& known) {
  std::vector<pid_t> ended;
  for (auto& child : children_) {
    if (std::find(known.begin(), known.end(), child.id()) != known.end())
      continue;
    child.kill_if_stopped_for(stopped_seconds_max);
    if (!child.end().empty())
      ended.push_back(child.id());
  }
  return ended;
}

} // namespace souk::actors
