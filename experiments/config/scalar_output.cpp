#include "experiments/config/position.hpp"
#include "experiments/config/scalar.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace souk::experiments {

namespace {

/// What text needs no quotes for, inside.
constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_./@+-";

} // namespace

scalar to_scalar(bool value) {
  return {value ? "true" : "false", false};
}

scalar to_scalar(std::int64_t value) {
  return {std::to_string(value), false};
}

scalar to_scalar(std::uint64_t value) {
  return {std::to_string(value), false};
}

scalar to_scalar(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {{text.data(), end}, false};
}

scalar to_scalar(const std::string& value) {
  return {value, true};
}

scalar no_value() {
  return {"null", false};
}

std::string in_yaml(const scalar& value) {
  const auto kind = kind_of({value.text, false});
  if (kind == scalar_kind::nothing && !value.quoted)
    return "null";
  if (kind != scalar_kind::text && !value.quoted)
    return value.text;
  const auto is_plain = kind == scalar_kind::text
                        && value.text.find_first_not_of(plain) == std::string::npos
                        && !std::strchr("-+@0123456789", value.text.front());
  if (is_plain)
    return value.text;
  std::string text = "\"";
  for (const auto byte : value.text) {
    if (byte == '"' || byte == '\\')
      text += '\\';
    const std::string character{byte};
    text += one_line(character);
  }
  return text + '"';
}

std::string described(const scalar& value) {
  if (kind_of(value) == scalar_kind::nothing)
    return "nothing";
  const auto text = one_line(value.text, 60);
  return value.quoted || kind_of(value) == scalar_kind::text ? '"' + text + '"' : text;
}

} // namespace souk::experiments
