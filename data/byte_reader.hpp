#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace souk::data {

/// The bytes of a plain or gzip file, told apart by the first two of them.
class byte_reader {
public:
  /// Throws `error` if the file cannot be opened.
  explicit byte_reader(std::string path);
  ~byte_reader();

  /// Fills `out` and returns how many bytes came; fewer than `size` only at the end.
  /// Throws `error` if the file cannot be read, or is a gzip file cut short or damaged.
  std::size_t read(char* out, std::size_t size);

  /// Bytes of the file, as stored, that were read so far, and in all.
  std::uint64_t position() const;

  std::uint64_t size() const {
    return size_;
  }

  const std::string& path() const {
    return path_;
  }

private:
  struct stream;

  std::string path_;
  std::uint64_t size_ = 0;
  std::unique_ptr<stream> stream_;
};

} // namespace souk::data
