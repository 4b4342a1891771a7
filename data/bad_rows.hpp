#pragma once

#include "data/record_reader.hpp"

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

namespace souk::data {

/// A row that cannot be understood; thrown by a format for `bad_rows` to judge.
struct bad_row : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Decides about bad rows: up to so many go to the quarantine file, then it is enough.
class bad_rows {
public:
  /// `withhold_text` keeps the rows' text, and so users' names, out of the file.
  bad_rows(std::string quarantine_path, std::uint64_t allowed, bool withhold_text);

  /// Sends the reader's present record to quarantine. Throws `error` naming file, line
  /// and reason if no more are allowed, or if the quarantine file cannot be written.
  void add(const record_reader& reader, const std::string& reason);

  /// Throws `error` if the file could not be written to the end.
  void close();

private:
  std::string path_;
  std::uint64_t allowed_;
  bool withhold_text_;
  std::uint64_t count_ = 0;
  std::ofstream file_;
};

} // namespace souk::data
