#include "actors/child_process.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

namespace souk::actors {

namespace {

/// What the time between two looks counts at most, whatever held up this process.
constexpr double look_seconds_max = 0.1;

std::string describe(int status) {
  return WIFSIGNALED(status)
           ? "was killed by signal " + std::to_string(WTERMSIG(status))
           : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

} // namespace

child_process::child_process(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const auto& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const auto parent = getpid();
  id_ = fork();
  if (id_ < 0)
    throw core::error{std::string{"cannot start a process ("} + std::strerror(errno)
                        + ")",
                      arguments.front(), "run with fewer processes"};
  if (id_ > 0)
    return;
  // In the child: only calls that are safe after fork in a program with threads.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1); // the parent vanished before the kernel was told
  // Ctrl-C may go to the whole group; the parent decides what it means.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  execv(words.front(), words.data());
  _exit(127);
}

child_process::child_process(child_process&& other) noexcept
  : id_{other.id_}, end_{std::move(other.end_)}, exit_code_{other.exit_code_},
    is_stopped_{other.is_stopped_}, looked_{other.looked_}, stopped_seconds_{
                                                              other.stopped_seconds_} {
  other.id_ = -1;
}

child_process::~child_process() {
  if (id_ < 0)
    return;
  for (int i = 0; i < 100 && end().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  kill();
}

void child_process::kill() {
  int status = 0;
  if (id_ < 0 || !end().empty())
    return;
  ::kill(id_, SIGKILL);
  waitpid(id_, &status, 0);
  note_end(status);
}

std::string child_process::end() {
  look();
  return end_;
}

void child_process::look() {
  int status = 0;
  while (end_.empty() && id_ > 0
         && waitpid(id_, &status, WNOHANG | WUNTRACED | WCONTINUED) == id_) {
    is_stopped_ = WIFSTOPPED(status);
    if (WIFEXITED(status) || WIFSIGNALED(status))
      note_end(status);
  }
}

void child_process::note_end(int status) {
  end_ = describe(status);
  if (WIFEXITED(status))
    exit_code_ = WEXITSTATUS(status);
}

std::optional<int> child_process::exit_code() {
  look();
  return exit_code_;
}

void child_process::kill_if_stopped_for(double seconds) {
  look();
  const auto now = core::seconds_now();
  stopped_seconds_ =
    is_stopped_ ? stopped_seconds_ + std::min(now - looked_, look_seconds_max) : 0;
  looked_ = now;
  if (stopped_seconds_ < seconds)
    return;
  core::log::warning("process " + std::to_string(id_) + " stays stopped; it is killed");
  kill();
}

std::string this_program() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace souk::actors
