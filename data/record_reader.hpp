#pragma once

#include "data/byte_reader.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace souk::data {

/// How a text file separates its fields.
struct record_format {
  std::string delimiter = ",";
  /// Fields may stand in quotes, with quotes in them doubled (RFC 4180). A quote inside
  /// a field that does not begin with one is a letter like any other.
  bool quotes = true;
};

/// Reads a delimited text file record by record, without copying what it reads.
///
/// Lines may end in \n or \r\n; a byte order mark and empty lines are skipped; a quoted
/// field may hold line ends.
class record_reader {
public:
  /// Throws `error` if the file cannot be opened.
  record_reader(const std::string& path, record_format format);

  /// Goes to the next record; false at the end. Throws `error` if the file cannot be
  /// read or is no text (UTF-16, or a line beyond 16 MB).
  bool next();

  /// The record's fields. Valid until `next`.
  const std::vector<std::string_view>& fields() const {
    return fields_;
  }

  /// The record as it stands in the file, without the line end. Valid until `next`.
  std::string_view raw() const {
    return raw_;
  }

  /// Why the record cannot be split into fields, or null.
  const char* problem() const {
    return problem_;
  }

  /// The line on which the record begins, counted from 1.
  std::uint64_t line() const {
    return line_;
  }

  const byte_reader& file() const {
    return bytes_;
  }

private:
  /// Of splitting what is in the buffer; `starved` asks for more.
  enum class outcome { complete, starved, unclosed };

  void refill();
  std::string_view unread() const;
  void split_line(std::string_view line);
  outcome split_quoted(std::string_view rest);
  outcome take_quoted_field(std::string_view rest, std::size_t& place);
  outcome give_up(std::string_view rest, const char* why);
  void finish_record(std::size_t length, std::size_t num_lines);

  byte_reader bytes_;
  record_format format_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0; ///< of what is unread in the buffer
  std::size_t end_ = 0;
  bool at_end_ = false; ///< of the file; the buffer may still hold some of it
  bool started_ = false;
  std::uint64_t next_line_ = 1;

  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_; ///< fields whose quotes were doubled
  std::string_view raw_;
  const char* problem_ = nullptr;
  std::uint64_t line_ = 0;
};

} // namespace souk::data
