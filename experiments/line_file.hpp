#pragma once

#include <string>
#include <vector>

namespace souk::experiments {

/// A text file that grows by whole lines and survives a crash in the middle of one: it
/// counts as written up to its last newline. One thread at a time.
class line_file {
public:
  /// Opens or creates the file, and its folder; cuts off a last line that a crash left
  /// unfinished. Throws `core::error`.
  explicit line_file(std::string path);
  line_file(const line_file&) = delete;
  line_file& operator=(const line_file&) = delete;
  ~line_file();

  const std::string& path() const {
    return path_;
  }

  /// Appends `lines`, each with its newline. Throws `core::error`.
  void append(const std::string& lines);

  /// Puts `lines` in the place of all that was written, by one rename. Throws
  /// `core::error`.
  void replace(const std::string& lines);

  /// Returns once all lines are on disk. Throws `core::error`.
  void sync();

private:
  void open_file();
  void close_file();

  std::string path_;
  int descriptor_ = -1;
};

/// Reads the whole lines, without their newlines; none if there is no such file. Throws
/// `core::error`.
std::vector<std::string> read_lines(const std::string& path);

} // namespace souk::experiments
