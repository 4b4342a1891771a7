#include "experiments/atomic_file.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace souk::experiments {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view partial_ending = ".partial";

[[noreturn]] void fail(const std::string& what, const std::string& path, int reason) {
  if (reason == ENOSPC || reason == EDQUOT)
    throw core::error{what + ": the disk is full", path,
                      "free some space, then continue with --resume"};
  throw core::error{what + " (" + std::strerror(reason) + ")", path,
                    "check that the folder exists and can be written"};
}

/// Closes a descriptor, and removes the file behind it unless it was kept.
struct partial_file {
  std::string path;
  int descriptor;
  bool is_kept = false;

  ~partial_file() {
    if (descriptor >= 0)
      close(descriptor);
    if (!is_kept)
      unlink(path.c_str());
  }
};

} // namespace

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail("cannot be written", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  const fs::path target{path};
  const auto folder = target.has_parent_path() ? target.parent_path() : fs::path{"."};
  const auto name = '.' + target.filename().string() + '.' + std::to_string(getpid())
                    + std::string{partial_ending};
  const auto partial = (folder / name).string();
  partial_file file{
    partial, open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
  if (file.descriptor < 0)
    fail("cannot be written", path, errno);
  write_all(file.descriptor, bytes, path);
  if (fsync(file.descriptor) != 0)
    fail("cannot be written", path, errno);
  const auto descriptor = file.descriptor;
  file.descriptor = -1;
  if (close(descriptor) != 0)
    fail("cannot be written", path, errno);
  if (std::rename(partial.c_str(), path.c_str()) != 0)
    fail("cannot take its name", path, errno);
  file.is_kept = true;
  sync_folder(folder.string());
}

void check_folder_of(const std::string& path) {
  const auto folder = fs::path{path}.parent_path();
  if (!folder.empty() && !fs::is_directory(folder))
    throw core::error::request("there is no such folder", folder.string(),
                               "make it, or write elsewhere");
}

bool is_partial_file(const std::string& name) {
  return name.size() > partial_ending.size() && name.front() == '.'
         && name.compare(name.size() - partial_ending.size(), std::string::npos,
                         partial_ending)
              == 0;
}

void sync_folder(const std::string& path) {
  const auto descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    fail("cannot be opened", path, errno);
  const auto result = fsync(descriptor);
  const auto reason = errno;
  close(descriptor);
  // Some file systems cannot sync a folder and say so; there is nothing more to do.
  if (result != 0 && reason != EINVAL)
    fail("cannot be written", path, reason);
}

std::string read_file(const std::string& path) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown))
    throw core::error{"is a directory", path, "name a file"};
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad())
    throw core::error{std::string{"cannot be read ("} + std::strerror(errno) + ")",
                      path, "check that it exists and that you may read it"};
  return text;
}

} // namespace souk::experiments
