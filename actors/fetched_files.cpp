#include "actors/fetched_files.hpp"

#include "actors/ask.hpp"
#include "core/at_end.hpp"
#include "core/digest.hpp"
#include "core/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace souk::actors {

using namespace messages;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t hash_digits = 64;

/// The hash in front of a `.sha256`'s name, or an error: it becomes a folder's name.
std::string digits_of(const file_opened& offered, const std::string& entry) {
  auto digits = offered.hash.substr(0, hash_digits);
  const auto is_digit = [](unsigned char c) {
    return std::isxdigit(c) != 0;
  };
  if (digits.size() != hash_digits
      || !std::all_of(digits.begin(), digits.end(), is_digit))
    throw core::error{"the run has no hash of it", entry, ""};
  return digits;
}

void write(const std::string& path, const char* bytes, std::uint64_t length) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file.write(bytes, static_cast<std::streamsize>(length));
  file.close();
  if (!file)
    throw core::error{std::string{"cannot be written ("} + std::strerror(errno) + ")",
                      path, "free disk space, or name another --folder"};
}

} // namespace

fetched_files::fetched_files(caf::actor_system& system,
                             process_services services,
                             file_cabinet_actor cabinet,
                             std::string folder)
  : system_{system}, services_{std::move(services)}, cabinet_{std::move(cabinet)},
    folder_{std::move(folder)} {
  // nop
}

std::string fetched_files::find(const std::string& entry) {
  const auto offered =
    ask<file_opened>(system_, cabinet_, open_file{entry}, "fetching " + entry);
  const auto digits = digits_of(offered, entry);
  const auto folder = folder_ + '/' + digits;
  const auto path = folder + '/' + fs::path{entry}.filename().string();
  if (fs::exists(path) && fs::exists(path + ".sha256")
      && core::sha256_of_file(path) == digits)
    return path;
  return fetch(entry, offered, folder);
}

std::string fetched_files::fetch(const std::string& entry,
                                 const file_opened& offered,
                                 const std::string& folder) {
  core::log::info("fetching " + entry + " (" + std::to_string(offered.length >> 20)
                  + " MB)");
  const auto path = folder + '/' + fs::path{entry}.filename().string();
  ask_patiently<tensor_arrived>(system_, services_.bulk, fetch_tensor{offered.bytes},
                                "fetching " + entry, [] {});
  const auto arrived = services_.exchange->find(offered.bytes);
  if (!arrived || arrived->runs.size() != 1
      || arrived->runs[0].length * sizeof(float) < offered.length)
    throw core::error{"the file did not arrive whole", entry, "start the node again"};
  services_.exchange->release(offered.bytes);
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw core::error{"cannot be made (" + failed.message() + ")", folder,
                      "name another --folder"};
  // Others on this machine may fetch the same: whoever is last renames over the same.
  const auto temporary = path + '.' + std::to_string(getpid());
  const core::at_end clean{[&] { // whatever happens: a disk may be full
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fs::remove(temporary + ".sha256", ignored);
  }};
  write(temporary, reinterpret_cast<const char*>(arrived->runs[0].values),
        offered.length);
  if (core::sha256_of_file(temporary) != digits_of(offered, entry))
    throw core::error{"what arrived is not the run's file", entry,
                      "start the node again"};
  write(temporary + ".sha256", offered.hash.data(), offered.hash.size());
  fs::rename(temporary + ".sha256", path + ".sha256");
  fs::rename(temporary, path);
  return path;
}

} // namespace souk::actors
