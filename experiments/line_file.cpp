#include "experiments/line_file.hpp"

#include "core/error.hpp"
#include "experiments/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace souk::experiments {

namespace {

std::size_t whole_lines(const std::string& text) {
  const auto last = text.rfind('\n');
  return last == std::string::npos ? 0 : last + 1;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what_to_do) {
  throw core::error{std::string{"cannot be written ("} + std::strerror(errno) + ")",
                    path, what_to_do};
}

} // namespace

line_file::line_file(std::string path) : path_{std::move(path)} {
  if (std::filesystem::exists(path_)) {
    const auto text = read_file(path_);
    if (whole_lines(text) < text.size())
      write_file_atomically(path_, text.substr(0, whole_lines(text)));
  } else {
    std::error_code ignored; // opening says why
    std::filesystem::create_directories(std::filesystem::path{path_}.parent_path(),
                                        ignored);
  }
  open_file();
}

line_file::~line_file() {
  close_file();
}

void line_file::append(const std::string& lines) {
  write_all(descriptor_, lines, path_);
}

void line_file::replace(const std::string& lines) {
  close_file();
  write_file_atomically(path_, lines);
  open_file();
}

void line_file::sync() {
  if (fdatasync(descriptor_) != 0)
    refuse(path_, "check the disk and the space left");
}

void line_file::open_file() {
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    refuse(path_, "check that the folder exists and can be written");
}

void line_file::close_file() {
  if (descriptor_ >= 0)
    close(descriptor_);
  descriptor_ = -1;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::vector<std::string> lines;
  if (!std::filesystem::exists(path))
    return lines;
  const auto text = read_file(path);
  const auto end = whole_lines(text);
  for (std::size_t begin = 0; begin < end;) {
    const auto line_end = text.find('\n', begin);
    lines.push_back(text.substr(begin, line_end - begin));
    begin = line_end + 1;
  }
  return lines;
}

} // namespace souk::experiments
