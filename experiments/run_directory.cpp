#include "experiments/run_directory.hpp"

#include "core/clock.hpp"
#include "core/digest.hpp"
#include "core/error.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/config/resolved.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace souk::experiments {

namespace fs = std::filesystem;

namespace {

constexpr const char* config_name = "config.yaml";
constexpr const char* manifest_name = "manifest.json";

/// The experiment's name as part of a folder's: no slash and no leading dot.
std::string folder_name(std::string name) {
  for (auto& letter : name)
    if (letter == '/' || static_cast<unsigned char>(letter) <= ' ')
      letter = '_';
  if (name.empty() || name.front() == '.')
    name.insert(0, "run");
  return name;
}

void make_folder(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure)
    throw core::error{"cannot be made (" + failure.message() + ")", path.string(),
                      "choose another --out, or check that the folder can be written"};
}

/// Makes a folder of its own, also when two runs start within one second.
std::string make_fresh_folder(const std::string& name) {
  make_folder("runs");
  const auto stem = folder_name(name) + '-' + core::compact_utc_now();
  for (auto number = 1;; ++number) {
    const auto ending = number == 1 ? std::string{} : '-' + std::to_string(number);
    const auto path = fs::path{"runs"} / (stem + ending);
    std::error_code failure;
    if (fs::create_directory(path, failure))
      return path.string();
    if (failure)
      throw core::error{"cannot be made (" + failure.message() + ")", path.string(),
                        "check that runs/ can be written, or name a folder with --out"};
  }
}

/// Holds a folder against other processes until the descriptor is closed, even by a
/// kill.
int lock_folder(const std::string& path) {
  const auto descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    throw core::error{std::string{"cannot be opened ("} + std::strerror(errno) + ")",
                      path, "check that it is a folder that you may read"};
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor;
  const auto reason = errno;
  close(descriptor);
  if (reason == EWOULDBLOCK)
    throw core::error::request("another souk works in this folder", path,
                               "wait for it, or choose another --out");
  throw core::error{std::string{"cannot be locked ("} + std::strerror(reason) + ")",
                    path, "choose an --out on a file system with locks"};
}

/// Removes what writers that were killed left behind; whether anything else is there.
bool holds_anything(const std::string& path) {
  std::vector<fs::path> leftovers;
  auto found = false;
  for (const auto& entry : fs::directory_iterator{path}) {
    if (is_partial_file(entry.path().filename().string()))
      leftovers.push_back(entry.path());
    else
      found = true;
  }
  for (const auto& leftover : leftovers)
    fs::remove(leftover);
  return found;
}

void check_same_experiment(const std::string& path, const std::string& resolved) {
  const auto config = path + '/' + config_name;
  if (!fs::exists(config))
    throw core::error::request("is not empty and no run's folder", path,
                               "choose another --out");
  if (const auto difference = first_difference(resolved, read_file(config), config))
    throw core::error::request("was made from another experiment (" + *difference + ")",
                               path, "choose another --out, or give the same file");
}

} // namespace

run_directory run_directory::open(const run_directory_options& options) {
  std::error_code unknown;
  if (fs::exists(options.out, unknown) && !fs::is_directory(options.out, unknown))
    throw core::error::request("is a file", options.out, "name a folder with --out");
  if (!options.out.empty())
    make_folder(options.out);
  auto path = options.out.empty() ? make_fresh_folder(options.name) : options.out;
  run_directory opened{std::move(path), -1};
  opened.lock_ = lock_folder(opened.path_);
  if (holds_anything(opened.path_)) {
    if (!options.resume)
      throw core::error::request("exists already", opened.path_,
                                 "choose another --out, or go on with --resume");
    check_same_experiment(opened.path_, options.resolved);
    if (fs::exists(opened / manifest_name))
      opened.saved_ =
        manifest_from_json(read_file(opened / manifest_name), opened / manifest_name);
  }
  write_file_atomically(opened / config_name, options.resolved);
  return opened;
}

run_directory::run_directory(std::string path, int lock)
  : path_{std::move(path)}, lock_{lock} {
  // nop
}

run_directory::run_directory(run_directory&& other) noexcept
  : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)},
    saved_{std::move(other.saved_)} {
  // nop
}

run_directory::~run_directory() {
  if (lock_ >= 0)
    close(lock_);
}

std::string run_directory::operator/(const std::string& entry) const {
  return path_ + '/' + entry;
}

bool run_directory::finished(const std::string& stage) const {
  return saved_ && saved_->finished(stage);
}

void run_directory::save(const manifest& record) {
  write_file_atomically(*this / manifest_name, to_json(record));
  saved_ = record;
}

void run_directory::mark_finished(manifest& record,
                                  const std::string& stage,
                                  double seconds,
                                  const std::vector<std::string>& files) {
  for (const auto& file : files)
    record.files[file] = core::sha256_of_file(*this / file);
  auto& stages = record.stages;
  stages.erase(std::remove_if(stages.begin(), stages.end(),
                              [&stage](const auto& old) { return old.name == stage; }),
               stages.end());
  stages.push_back({stage, seconds});
  save(record);
}

manifest read_manifest(const std::string& run) {
  const auto path = run + '/' + manifest_name;
  std::error_code unknown;
  if (!fs::exists(path, unknown) && fs::exists(run + "/config.yaml", unknown))
    throw core::error::request("has no manifest.json: the run has not come so far", run,
                               "go on with it: souk run " + run + "/config.yaml --out "
                                 + run + " --resume");
  if (!fs::exists(path, unknown))
    throw core::error::request("is no run's folder: it has no manifest.json", run,
                               "name a folder that `souk run` made");
  return manifest_from_json(read_file(path), path);
}

void check_file(const manifest& record,
                const std::string& run,
                const std::string& file) {
  const auto known = record.files.find(file);
  if (known == record.files.end())
    return;
  const auto path = run + '/' + file;
  if (core::sha256_of_file(path) != known->second)
    throw core::error{"is damaged: its bytes are not those that the manifest names",
                      path,
                      "remove the run's folder and run again, or restore the file"};
}

} // namespace souk::experiments
