#include "experiments/checkpoint_writer.hpp"

#include "core/log.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <utility>

namespace souk::experiments {

namespace {

/// Lets the thread work where training leaves a processor idle. Not lower: somebody
/// else's work must not keep a checkpoint from being finished, since the next one waits
/// for it.
void yield_to_training() {
  constexpr int niceness = 10;
  // On Linux a priority belongs to a thread; without it all goes on, only slower.
  const auto thread = static_cast<id_t>(syscall(SYS_gettid));
  setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + niceness);
}

} // namespace

checkpoint_writer::checkpoint_writer(write_function write) : write_{std::move(write)} {
  // nop
}

checkpoint_writer::~checkpoint_writer() {
  wait();
}

data::checkpoint& checkpoint_writer::next() {
  wait();
  return state_;
}

void checkpoint_writer::begin() {
  wait();
  thread_ = std::thread{[this] {
    write();
  }};
}

void checkpoint_writer::wait() {
  if (thread_.joinable())
    thread_.join();
}

void checkpoint_writer::write() {
  yield_to_training();
  try {
    write_(state_);
    note_success();
  } catch (const std::exception& broken) {
    note_failure(broken.what());
  }
}

void checkpoint_writer::note_success() {
  ++num_written_;
  last_whole_ = state_.step;
  if (const auto failed = std::exchange(failed_in_a_row_, 0); failed > 0)
    core::log::info("checkpoints are written again, from step "
                    + std::to_string(state_.step) + " on; " + std::to_string(failed)
                    + (failed == 1 ? " is missing" : " are missing"));
}

void checkpoint_writer::note_failure(const std::string& reason) {
  ++num_failed_;
  if (failed_in_a_row_++ > 0)
    return; // it was said
  const auto last = last_whole_ == 0
                      ? std::string{"there is none yet"}
                      : "the last whole one is of step " + std::to_string(last_whole_);
  core::log::warning("the checkpoint of step " + std::to_string(state_.step)
                     + " was not written: " + reason + ". Training goes on; " + last);
}

} // namespace souk::experiments
