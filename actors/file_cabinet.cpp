#include "actors/file_cabinet.hpp"

#include "actors/failure.hpp"
#include "core/error.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace souk::actors {

using namespace messages;

namespace {

/// A file's bytes, mapped. Those between its end and the page's are zeros.
class mapped_file {
public:
  explicit mapped_file(const std::string& path) {
    const auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);

    struct stat about {};

    if (file >= 0 && fstat(file, &about) == 0 && about.st_size > 0) {
      size_ = static_cast<std::size_t>(about.st_size);
      begin_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    const auto reason = errno;
    if (file >= 0)
      close(file);
    if (begin_ == MAP_FAILED)
      throw core::error{std::string{"cannot be read ("} + std::strerror(reason) + ")",
                        path, "check that it is there and not empty"};
  }

  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;

  ~mapped_file() {
    munmap(begin_, size_);
  }

  const float* words() const {
    return static_cast<const float*>(begin_);
  }

  std::size_t size() const {
    return size_;
  }

private:
  void* begin_ = MAP_FAILED;
  std::size_t size_ = 0;
};

/// Whether an entry is a file of numbers inside the directory, whatever it is called.
bool may_be_seen(const std::filesystem::path& entry) {
  return entry.is_relative() && entry.extension() == ".h5"
         && std::none_of(entry.begin(), entry.end(),
                         [](const auto& part) { return part.string().front() == '.'; });
}

std::string hash_beside(const std::string& path) {
  std::ifstream file{path + ".sha256"};
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    throw core::error{"its hash is missing", path, "run the stage that makes it again"};
  return text.str();
}

} // namespace

file_opened file_cabinet_state::open(const std::string& entry) {
  if (!may_be_seen(entry))
    throw core::error{"is no file of the run that others may see", entry, ""};
  const auto path = directory + '/' + entry;
  auto hash = hash_beside(path);
  auto& present = opened[entry];
  if (present.hash == hash)
    return present;
  const auto file = std::make_shared<mapped_file>(path);
  core::tensor_ticket ticket;
  ticket.run = run;
  ticket.kind = core::tensor_kind::file;
  ticket.block = next_number++; // a slot of its own
  const auto words = (file->size() + sizeof(float) - 1) / sizeof(float);
  present = {exchange->offer(ticket, {{0, words, file->words()}}, file), file->size(),
             std::move(hash)};
  return present;
}

file_cabinet_actor::behavior_type
file_cabinet(file_cabinet_actor::stateful_pointer<file_cabinet_state> self,
             std::string directory,
             std::shared_ptr<bulk::exchange> exchange) {
  share_exception_handler(self);
  self->state.directory = std::move(directory);
  self->state.exchange = std::move(exchange);
  return {
    [self](const open_file& request) -> caf::result<file_opened> {
      try {
        return self->state.open(request.entry);
      } catch (const core::error& broken) {
        return refusal(core::errc::failed, broken.what());
      }
    },
  };
}

} // namespace souk::actors
