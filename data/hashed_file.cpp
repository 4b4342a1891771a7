#include "data/hashed_file.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace souk::data {

namespace fs = std::filesystem;

namespace {

core::error failed_to(const std::string& what, const std::string& path) {
  return {"cannot " + what + " (" + std::strerror(errno) + ")", path,
          "check the folder, your rights and the space left"};
}

std::string folder_of(const std::string& path) {
  const auto folder = fs::path{path}.parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string sidecar_of(const std::string& path) {
  return path + ".sha256";
}

bool exists(const std::string& path) {
  std::error_code problem;
  return fs::exists(path, problem);
}

} // namespace

void sync_to_disk(const std::string& path) {
  const auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throw failed_to("open for syncing", path);
  const auto synced = ::fsync(descriptor) == 0;
  const auto reason = errno;
  ::close(descriptor);
  // Some file systems cannot sync folders, and say so.
  if (!synced && reason != EINVAL) {
    errno = reason;
    throw failed_to("sync", path);
  }
}

void check_space(const std::string& path, std::uint64_t bytes) {
  const auto descriptor =
    ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0)
    throw failed_to("create the file", path);
  const auto fits = ::fallocate(descriptor, 0, 0, static_cast<off_t>(bytes)) == 0;
  const auto reason = errno;
  ::close(descriptor);
  ::unlink(path.c_str());
  if (fits || reason == EOPNOTSUPP || reason == ENOSYS)
    return;
  errno = reason;
  throw failed_to("reserve " + std::to_string(bytes) + " bytes", path);
}

void rename_to(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw failed_to("rename " + from, to);
}

void write_small_file(const std::string& path, const std::string& text) {
  const auto temporary = path + ".tmp";
  std::ofstream file{temporary, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  if (!file)
    throw failed_to("write", path);
  sync_to_disk(temporary);
  rename_to(temporary, path);
}

std::string read_small_file(const std::string& path) {
  constexpr std::size_t size_max = std::size_t{1} << 20;
  std::ifstream file{path, std::ios::binary};
  if (!file)
    throw failed_to("read", path);
  std::string text(size_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || text.size() > size_max)
    throw core::error{"the file cannot be read, or is larger than 1 MB", path,
                      "check what it is"};
  return text;
}

void write_hashed(const std::string& path,
                  const std::function<void(const std::string& temporary)>& write) {
  const auto temporary = path + ".tmp";
  std::string hash;
  try {
    write(temporary);
    sync_to_disk(temporary);
    hash = core::sha256_of_file(temporary);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  write_small_file(sidecar_of(path),
                   hash + "  " + fs::path{path}.filename().string() + "\n");
  // From here on the temporary file is the one that the hash means: see `verified`.
  rename_to(temporary, path);
  sync_to_disk(folder_of(path));
}

std::string verified(const std::string& path) {
  const auto temporary = path + ".tmp";
  if (!exists(path) && !exists(temporary))
    throw core::error{"there is no such file", path, "check the path"};
  if (!exists(sidecar_of(path)))
    throw core::error{"its hash is missing", path,
                      "bring " + sidecar_of(path)
                        + " back, or make it with sha256sum if you trust the file"};
  const auto expected = read_small_file(sidecar_of(path));
  // The name behind the hash does not count: both files may have been moved.
  for (const auto& candidate : {path, temporary})
    if (exists(candidate)
        && expected.rfind(core::sha256_of_file(candidate) + "  ", 0) == 0)
      return candidate;
  throw core::error{"the file is damaged: its bytes are not those that were hashed in "
                      + sidecar_of(path),
                    path, "make it again, or restore both files from a copy"};
}

} // namespace souk::data
