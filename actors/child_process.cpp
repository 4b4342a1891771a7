#include "actors/child_process.hpp"

#include "core/error.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

namespace souk::actors {

namespace {

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
  : id_{other.id_}, end_{std::move(other.end_)}, exit_code_{other.exit_code_} {
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
  int status = 0;
  if (end_.empty() && id_ > 0 && waitpid(id_, &status, WNOHANG) == id_)
    note_end(status);
  return end_;
}

void child_process::note_end(int status) {
  end_ = describe(status);
  if (WIFEXITED(status))
    exit_code_ = WEXITSTATUS(status);
}

std::optional<int> child_process::exit_code() {
  end();
  return exit_code_;
}

std::string this_program() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace souk::actors
