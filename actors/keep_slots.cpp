#include "actors/keep_slots.hpp"

#include "actors/child_process.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

namespace souk::actors {

namespace {

constexpr auto moment = std::chrono::milliseconds{50};
constexpr double pause_max_seconds = 10;

/// A process that comes back.
struct slot {
  std::optional<child_process> process;
  double pause = 0;  ///< seconds before the next start
  double starts = 0; ///< when it may
};

/// Notes how a slot's process ended, and when the next may start.
void take_leave(slot& here) {
  const auto code = here.process->exit_code();
  if (code == core::exit_code_of(core::blame::request))
    throw core::error::request("cannot take part in runs", "this node",
                               "see the message above");
  const auto failed = code != 0;
  here.pause = failed ? std::clamp(2 * here.pause, 0.1, pause_max_seconds) : 0;
  here.starts = core::seconds_now() + here.pause;
  if (failed)
    core::log::warning("a process of this node " + here.process->end()
                       + "; it is started again");
  here.process.reset();
}

} // namespace

void keep_slots(
  std::uint32_t slots,
  const std::function<std::vector<std::string>(std::uint32_t slot)>& command,
  const std::atomic<bool>& interrupt) {
  std::vector<slot> all(slots);
  while (!interrupt) {
    for (std::uint32_t i = 0; i < slots; ++i) {
      auto& here = all[i];
      if (here.process)
        here.process->kill_if_stopped_for(stopped_seconds_max);
      if (!here.process && core::seconds_now() >= here.starts)
        here.process.emplace(command(i));
      else if (here.process && !here.process->end().empty())
        take_leave(here);
    }
    std::this_thread::sleep_for(moment);
  }
  for (auto& here : all)
    if (here.process)
      here.process->kill();
}

} // namespace souk::actors
