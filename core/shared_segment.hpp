#pragma once

#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace souk::core {

/// An open file, closed at the end.
class descriptor {
public:
  descriptor() = default;

  explicit descriptor(int number) : number_{number} {
    // nop
  }

  descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {
    // nop
  }

  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor();

  explicit operator bool() const {
    return number_ >= 0;
  }

  int number() const {
    return number_;
  }

  /// Leaves the file to the caller, open.
  int release() {
    return std::exchange(number_, -1);
  }

private:
  int number_ = -1;
};

/// Memory that processes of one host see together: an anonymous file without a name,
/// so that nothing is left behind however its processes end. Its size is sealed: nobody
/// can take pages away from under a reader.
class shared_segment {
public:
  /// When memory is taken: at once, where its lack is an answer, or page by page when
  /// it is first written, where it would be a signal.
  enum class pages { now, when_written };

  /// Makes a segment that this process writes; nothing if none can be had.
  static std::optional<shared_segment> make(std::size_t size, pages when = pages::now);

  /// Maps another process's segment for reading; nothing unless it is sealed and has at
  /// least that size.
  static std::optional<shared_segment> map(descriptor file, std::size_t size_min);

  shared_segment(shared_segment&& other) noexcept;
  shared_segment& operator=(shared_segment&& other) noexcept;
  ~shared_segment();

  std::uint8_t* data() const {
    return static_cast<std::uint8_t*>(memory_);
  }

  std::size_t size() const {
    return size_;
  }

  const descriptor& file() const {
    return file_;
  }

private:
  shared_segment(descriptor file, void* memory, std::size_t size)
    : file_{std::move(file)}, memory_{memory}, size_{size} {
    // nop
  }

  descriptor file_;
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace souk::core
