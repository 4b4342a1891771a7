#include "data/byte_reader.hpp"

#include "core/error.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace souk::data {

namespace fs = std::filesystem;

struct byte_reader::stream {
  gzFile file = nullptr;

  explicit stream(gzFile opened) : file{opened} {
    // nop
  }

  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  ~stream() {
    gzclose(file);
  }
};

byte_reader::byte_reader(std::string path) : path_{std::move(path)} {
  std::error_code problem;
  if (!fs::exists(path_, problem))
    throw core::error{"there is no such file", path_, "check the path"};
  if (fs::is_directory(path_, problem))
    throw core::error{"this is a folder", path_, "name a file in it"};
  errno = 0;
  auto* file = gzopen(path_.c_str(), "rb");
  if (!file)
    throw core::error{std::string{"cannot open the file ("} + std::strerror(errno)
                        + ")",
                      path_, "check that you may read it"};
  stream_ = std::make_unique<stream>(file);
  gzbuffer(file, 1U << 18);
  const auto size = fs::file_size(path_, problem);
  size_ = problem ? 0 : size;
}

byte_reader::~byte_reader() = default;

std::size_t byte_reader::read(char* out, std::size_t size) {
  const auto count = gzread(stream_->file, out, static_cast<unsigned>(size));
  int code = Z_OK;
  const auto* text = gzerror(stream_->file, &code);
  // A file that ends in the middle of a member yields its last bytes together with
  // Z_BUF_ERROR.
  if (count < 0 || (code != Z_OK && code != Z_STREAM_END))
    throw core::error{
      code == Z_ERRNO
        ? std::string{"cannot read the file ("} + std::strerror(errno) + ")"
        : std::string{"the gzip file is cut short or damaged ("} + text + ")",
      path_, "fetch it again"};
  return static_cast<std::size_t>(count);
}

std::uint64_t byte_reader::position() const {
  const auto offset = gzoffset(stream_->file);
  return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

} // namespace souk::data
