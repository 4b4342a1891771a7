#include "tests/support/souk_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace souk::tests {

namespace fs = std::filesystem;

namespace {

std::string fresh_folder() {
  auto pattern = (fs::temp_directory_path() / "souk-test-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    throw std::runtime_error{"cannot make a temporary folder"};
  return pattern;
}

void redirect(const std::string& path, int descriptor) {
  const auto file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, descriptor);
  close(file);
}

} // namespace

souk_process::souk_process(const std::vector<std::string>& arguments)
  : folder_{fresh_folder()} {
  std::vector<std::string> words{SOUK_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  id_ = fork();
  if (id_ < 0)
    throw std::runtime_error{"cannot start souk"};
  if (id_ == 0) {
    redirect(folder_ + "/out", STDOUT_FILENO);
    redirect(folder_ + "/err", STDERR_FILENO);
    execv(pointers.front(), pointers.data());
    _exit(127);
  }
}

souk_process::~souk_process() {
  if (running()) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  fs::remove_all(folder_);
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
          text_of(folder_ + "/out"), text_of(folder_ + "/err")};
}

std::vector<pid_t> souk_process::children() const {
  std::istringstream numbers{text_of("/proc/" + std::to_string(id_) + "/task/"
                                     + std::to_string(id_) + "/children")};
  std::vector<pid_t> found;
  for (pid_t number = 0; numbers >> number;)
    found.push_back(number);
  return found;
}

finished_process run_souk(const std::vector<std::string>& arguments) {
  return souk_process{arguments}.wait();
}

scratch_folder::scratch_folder() : path_{fresh_folder()} {
  // nop
}

scratch_folder::~scratch_folder() {
  fs::remove_all(path_);
}

std::string scratch_folder::write(const std::string& name,
                                  const std::string& text) const {
  const auto path = *this / name;
  fs::create_directories(fs::path{path}.parent_path());
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

std::string text_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

} // namespace souk::tests
