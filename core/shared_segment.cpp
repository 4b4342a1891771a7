#include "actors/bulk/shared_segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace souk::actors::bulk {

namespace {

constexpr unsigned seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

void* map_file(const descriptor& file, std::size_t size, int protection) {
  return mmap(nullptr, size, protection, MAP_SHARED | MAP_POPULATE, file.number(), 0);
}

} // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

descriptor::~descriptor() {
  if (number_ >= 0)
    close(number_);
}

std::optional<shared_segment> shared_segment::make(std::size_t size) {
  descriptor file{memfd_create("souk bulk", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  // Memory is taken now, where its lack is an answer, and not at a write, where it
  // would be a signal.
  if (!file || fallocate(file.number(), 0, 0, static_cast<off_t>(size)) != 0
      || fcntl(file.number(), F_ADD_SEALS, seals) != 0)
    return std::nullopt;
  auto* memory = map_file(file, size, PROT_READ | PROT_WRITE);
  if (memory == MAP_FAILED)
    return std::nullopt;
  return shared_segment{std::move(file), memory, size};
}

std::optional<shared_segment> shared_segment::map(descriptor file,
                                                  std::size_t size_min) {
  const auto present = fcntl(file.number(), F_GET_SEALS);

  struct stat about {};

  if (present < 0 || (static_cast<unsigned>(present) & F_SEAL_SHRINK) == 0
      || fstat(file.number(), &about) != 0 || about.st_size <= 0)
    return std::nullopt;
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size < size_min)
    return std::nullopt;
  auto* memory = map_file(file, size, PROT_READ);
  if (memory == MAP_FAILED)
    return std::nullopt;
  return shared_segment{{}, memory, size};
}

shared_segment::shared_segment(shared_segment&& other) noexcept
  : file_{std::move(other.file_)}, memory_{std::exchange(other.memory_, nullptr)},
    size_{std::exchange(other.size_, 0)} {
  // nop
}

shared_segment& shared_segment::operator=(shared_segment&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  return *this;
}

shared_segment::~shared_segment() {
  if (memory_ != nullptr)
    munmap(memory_, size_);
}

} // namespace souk::actors::bulk
