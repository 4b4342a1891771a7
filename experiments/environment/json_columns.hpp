#pragma once

#include "sim/episode.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

/// JSON appended piece by piece to a text: most of an answer are lists of numbers, of
/// which a tree of JSON values would be many times as large.
namespace souk::experiments {

/// Returns text as JSON has it.
inline std::string quoted(const std::string& text) {
  using json = nlohmann::json;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class Number>
void append(std::string& out, Number value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

inline void append(std::string& out, bool value) {
  out += value ? "true" : "false";
}

/// Appends a list of `count` entries, of which `write(i)` appends number i.
template <class Write>
void append_list(std::string& out, std::size_t count, const Write& write) {
  out += '[';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0)
      out += ',';
    write(i);
  }
  out += ']';
}

template <class Values>
void append_values(std::string& out, const Values& values) {
  append_list(out, values.size(), [&](std::size_t i) { append(out, values[i]); });
}

inline void append_flags(std::string& out, const std::vector<std::uint8_t>& flags) {
  append_list(out, flags.size(), [&](std::size_t i) { append(out, flags[i] != 0); });
}

/// Columns with an entry per slot of what is known per row.
class slot_columns {
public:
  slot_columns(std::string& out, const sim::episode& played)
    : out_{out}, row_of_(played.num_slots(), nobody) {
    const auto& users = played.demand().users;
    for (std::size_t row = 0; row < users.size(); ++row)
      row_of_[users[row]] = row;
  }

  /// Appends `"name":[...]`: `write(row)` for slots that wait, else `otherwise`.
  template <class Write>
  void column(const std::string& name, const char* otherwise, const Write& write) {
    separate();
    out_ += quoted(name) + ':';
    append_list(out_, row_of_.size(), [&](std::size_t slot) {
      if (row_of_[slot] == nobody)
        out_ += otherwise;
      else
        write(row_of_[slot]);
    });
  }

  /// The same of numbers.
  template <class Read>
  void numbers(const std::string& name, const char* otherwise, const Read& read) {
    column(name, otherwise, [&](std::size_t row) { append(out_, read(row)); });
  }

private:
  void separate() {
    if (out_.back() != '{')
      out_ += ',';
  }

  static constexpr auto nobody = static_cast<std::size_t>(-1);

  std::string& out_;
  std::vector<std::size_t> row_of_;
};

} // namespace souk::experiments
