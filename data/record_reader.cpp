#include "data/record_reader.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstring>

namespace souk::data {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 22;
constexpr std::size_t line_size_max = std::size_t{1} << 24;
/// A quote that is still open after this many bytes was never meant to be one.
constexpr std::size_t quoted_size_max = std::size_t{1} << 16;

std::string_view without_carriage_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

bool contains(std::string_view text, char c) {
  return std::memchr(text.data(), c, text.size()) != nullptr;
}

} // namespace

record_reader::record_reader(const std::string& path, record_format format)
  : bytes_{path}, format_{std::move(format)}, buffer_(buffer_size) {
  core::expects(!format_.delimiter.empty(), "fields are separated by something");
}

std::string_view record_reader::unread() const {
  return {buffer_.data() + begin_, end_ - begin_};
}

void record_reader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) {
    if (buffer_.size() > line_size_max)
      throw core::error{"a line is longer than 16 MB", bytes_.path(),
                        "check that this is a text file"};
    buffer_.resize(buffer_.size() * 2);
  }
  const auto count = bytes_.read(buffer_.data() + end_, buffer_.size() - end_);
  at_end_ = count < buffer_.size() - end_;
  end_ += count;
  if (started_)
    return;
  started_ = true;
  const auto text = unread();
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    begin_ = 3;
  if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF")
    throw core::error{"the file is UTF-16", bytes_.path(), "save it as UTF-8"};
}

bool record_reader::next() {
  fields_.clear();
  unescaped_.clear();
  problem_ = nullptr;
  for (;;) {
    const auto rest = unread();
    const auto line_end = rest.find('\n');
    if (line_end == std::string_view::npos && !at_end_) {
      refill();
      continue;
    }
    if (rest.empty())
      return false;
    const auto line = without_carriage_return(rest.substr(0, line_end));
    if (line.empty()) {
      begin_ += std::min(line_end, rest.size() - 1) + 1;
      ++next_line_;
      continue;
    }
    if (format_.quotes && contains(line, '"')) {
      if (split_quoted(rest) == outcome::starved) {
        refill();
        continue;
      }
    } else {
      split_line(line);
      finish_record(std::min(line_end, rest.size()), 1);
    }
    if (contains(raw_, '\0'))
      problem_ = "it contains a zero byte";
    return true;
  }
}

void record_reader::finish_record(std::size_t length, std::size_t num_lines) {
  const auto rest = unread();
  raw_ = without_carriage_return(rest.substr(0, length));
  line_ = next_line_;
  next_line_ += num_lines;
  begin_ += std::min(length + 1, rest.size());
}

void record_reader::split_line(std::string_view line) {
  const auto& delimiter = format_.delimiter;
  const auto first = delimiter.front();
  std::size_t field = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != first || line.compare(i, delimiter.size(), delimiter) != 0)
      continue;
    fields_.push_back(line.substr(field, i - field));
    i += delimiter.size() - 1;
    field = i + 1;
  }
  fields_.push_back(line.substr(field));
}

/// Takes the field whose quote opens at `place` and moves behind its closing quote.
record_reader::outcome record_reader::take_quoted_field(std::string_view rest,
                                                        std::size_t& place) {
  const auto begin = place + 1;
  auto end = begin;
  auto doubled = false;
  for (;; end += 2, doubled = true) {
    end = rest.find('"', end);
    const auto unclosed = end == std::string_view::npos;
    if ((unclosed ? rest.size() : end) - begin > quoted_size_max
        || (unclosed && at_end_))
      return outcome::unclosed;
    if (unclosed)
      return outcome::starved;
    // At the end of the buffer this may be the first of a doubled quote: the caller
    // then asks for more and starts the record again.
    if (end + 1 == rest.size() || rest[end + 1] != '"')
      break;
  }
  place = end + 1;
  const auto inside = rest.substr(begin, end - begin);
  if (!doubled) {
    fields_.push_back(inside);
    return outcome::complete;
  }
  auto& text = unescaped_.emplace_back();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == '"')
      ++i;
  }
  fields_.push_back(text);
  return outcome::complete;
}

record_reader::outcome record_reader::give_up(std::string_view rest, const char* why) {
  fields_.clear();
  problem_ = why;
  finish_record(std::min(rest.find('\n'), rest.size()), 1);
  return outcome::complete;
}

record_reader::outcome record_reader::split_quoted(std::string_view rest) {
  const auto& delimiter = format_.delimiter;
  fields_.clear();
  unescaped_.clear();
  for (std::size_t place = 0;; place += delimiter.size()) {
    const auto line_end = std::min(rest.find('\n', place), rest.size());
    if (place < line_end && rest[place] == '"') {
      const auto taken = take_quoted_field(rest, place);
      if (taken == outcome::unclosed)
        return give_up(rest, "a quote is not closed");
      if (taken == outcome::starved)
        return outcome::starved;
    } else {
      if (line_end == rest.size() && !at_end_)
        return outcome::starved;
      const auto line = without_carriage_return(rest.substr(place, line_end - place));
      fields_.push_back(line.substr(0, line.find(delimiter)));
      place += fields_.back().size();
    }
    if (rest.size() - place < delimiter.size() + 2 && !at_end_)
      return outcome::starved;
    if (rest.compare(place, delimiter.size(), delimiter) == 0)
      continue;
    const auto end = place + (place < rest.size() && rest[place] == '\r' ? 1U : 0U);
    if (end < rest.size() && rest[end] != '\n')
      return give_up(rest,
                     "something stands between a closing quote and the next field");
    const auto record = rest.substr(0, end);
    finish_record(
      end,
      1 + static_cast<std::size_t>(std::count(record.begin(), record.end(), '\n')));
    return outcome::complete;
  }
}

} // namespace souk::data
