#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

/// Rows of tables as bytes: HDF5's packed rows, which no struct of ours mirrors.
namespace souk::data {

/// Writes values one after another.
class packer {
public:
  explicit packer(unsigned char* place) : place_{place} {
    // nop
  }

  template <class T>
  packer& number(T value) {
    std::memcpy(place_, &value, sizeof value);
    place_ += sizeof value;
    return *this;
  }

  /// Writes text into `size` bytes that are zero already.
  packer& text(std::string_view value, std::size_t size) {
    core::expects(value.size() <= size && value.find('\0') == std::string_view::npos,
                  "a stored text fits its column and holds no zero byte");
    std::memcpy(place_, value.data(), value.size());
    place_ += size;
    return *this;
  }

private:
  unsigned char* place_;
};

/// Reads values one after another.
class unpacker {
public:
  explicit unpacker(const unsigned char* place) : place_{place} {
    // nop
  }

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, place_, sizeof value);
    place_ += sizeof value;
    return value;
  }

  std::string text(std::size_t size) {
    const auto* letters = reinterpret_cast<const char*>(place_);
    place_ += size;
    return {letters, ::strnlen(letters, size)};
  }

private:
  const unsigned char* place_;
};

} // namespace souk::data
