#include "core/shared_segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace souk::core {

namespace {

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010 // Linux 5.1; older headers have no name for it
#endif

/// Nobody changes its size, and nobody but who mapped it before writes to it.
bool seal(const descriptor& file) {
  constexpr unsigned size = F_SEAL_SHRINK | F_SEAL_GROW;
  fcntl(file.number(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE); // older kernels go without
  return fcntl(file.number(), F_ADD_SEALS, size | F_SEAL_SEAL) == 0;
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

std::optional<shared_segment> shared_segment::make(std::size_t size, pages when) {
  descriptor file{memfd_create("souk", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  const auto length = static_cast<off_t>(size);
  if (!file)
    return std::nullopt;
  const auto given = when == pages::now ? fallocate(file.number(), 0, 0, length)
                                        : ftruncate(file.number(), length);
  if (given != 0)
    return std::nullopt;
  const auto populate = when == pages::now ? MAP_POPULATE : 0;
  auto* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | populate,
                      file.number(), 0);
  if (memory == MAP_FAILED)
    return std::nullopt;
  shared_segment made{std::move(file), memory, size};
  if (!seal(made.file()))
    return std::nullopt;
  return made;
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
  auto* memory = mmap(nullptr, size, PROT_READ, MAP_SHARED, file.number(), 0);
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

} // namespace souk::core
