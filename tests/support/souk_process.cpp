#include "tests/support/souk_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace souk::tests {

namespace {

void redirect(const std::string& path, int descriptor) {
  const auto file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, descriptor);
  close(file);
}

} // namespace

souk_process::souk_process(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& before,
                           const std::string& program) {
  auto words = before;
  words.push_back(program.empty() ? SOUK_PROGRAM : program);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  id_ = fork();
  if (id_ < 0)
    throw std::runtime_error{"cannot start souk"};
  if (id_ == 0) {
    redirect(folder_ / "out", STDOUT_FILENO);
    redirect(folder_ / "err", STDERR_FILENO);
    execvp(pointers.front(), pointers.data());
    _exit(127);
  }
}

souk_process::~souk_process() {
  if (running()) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
}

void souk_process::signal(int number) const {
  kill(id_, number);
}

bool souk_process::running() {
  if (!ended_)
    ended_ = waitpid(id_, &status_, WNOHANG) == id_;
  return !ended_;
}

finished_process souk_process::wait() {
  if (!ended_) {
    waitpid(id_, &status_, 0);
    ended_ = true;
  }
  return {WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_),
          bytes_of(folder_ / "out"), bytes_of(folder_ / "err")};
}

std::string souk_process::said() const {
  return bytes_of(folder_ / "err");
}

bool souk_process::ends_within(std::chrono::milliseconds most) {
  const auto latest = std::chrono::steady_clock::now() + most;
  while (running() && std::chrono::steady_clock::now() < latest)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  return !running();
}

std::vector<pid_t> souk_process::children() const {
  std::istringstream numbers{bytes_of("/proc/" + std::to_string(id_) + "/task/"
                                      + std::to_string(id_) + "/children")};
  std::vector<pid_t> found;
  for (pid_t number = 0; numbers >> number;)
    found.push_back(number);
  return found;
}

finished_process run_souk(const std::vector<std::string>& arguments) {
  return souk_process{arguments}.wait();
}

} // namespace souk::tests
