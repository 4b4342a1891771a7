#include "experiments/config/position.hpp"

#include <cstdio>

namespace souk::experiments {

namespace {

std::string escaped(unsigned char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02x", byte);
  return text;
}

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

std::string where(const position& at) {
  const auto source = one_line(at.source);
  if (at.line == 0)
    return source;
  return source + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string where(const position& at, const std::string& key) {
  return key.empty() ? where(at) : where(at) + ": " + key;
}

std::string origin(const position& at) {
  switch (at.from) {
  case layer::standard:
    return "default";
  case layer::command:
    return "-s";
  case layer::block:
  case layer::file:
  case layer::overlay:
    break;
  }
  return one_line(at.source) + ":" + std::to_string(at.line);
}

std::string one_line(const std::string& text, std::size_t most) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (line.size() >= most && !continues_character(text[i]))
      return line + "...";
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20U || byte == 0x7FU)
      line += byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : escaped(byte);
    else
      line += text[i];
  }
  return line;
}

} // namespace souk::experiments
