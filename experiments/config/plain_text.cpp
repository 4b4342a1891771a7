#include "experiments/config/plain_text.hpp"

#include "core/error.hpp"
#include "experiments/config/position.hpp"

#include <cstdint>

namespace souk::experiments {

namespace {

/// Returns the length of the UTF-8 character at `at` (RFC 3629), or 0 if there is none.
std::size_t character_length(const std::string& text, std::size_t at) {
  const auto byte = [&text](std::size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
  };
  const auto continues = [&byte](std::size_t index) {
    return (byte(index) & 0xC0U) == 0x80U;
  };
  const auto first = byte(at);
  if (first < 0x80U)
    return 1;
  if (first >= 0xC2U && first < 0xE0U)
    return continues(at + 1) ? 2 : 0;
  if (first >= 0xE0U && first < 0xF0U) {
    const auto is_overlong = first == 0xE0U && byte(at + 1) < 0xA0U;
    const auto is_surrogate = first == 0xEDU && byte(at + 1) >= 0xA0U;
    const auto is_whole = continues(at + 1) && continues(at + 2);
    return is_whole && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first < 0xF5U) {
    const auto is_overlong = first == 0xF0U && byte(at + 1) < 0x90U;
    const auto is_too_large = first == 0xF4U && byte(at + 1) >= 0x90U;
    const auto is_whole = continues(at + 1) && continues(at + 2) && continues(at + 3);
    return is_whole && !is_overlong && !is_too_large ? 4 : 0;
  }
  return 0;
}

bool is_control_character(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return (code < 0x20U && byte != '\n' && byte != '\r' && byte != '\t')
         || code == 0x7FU;
}

} // namespace

void check_plain_text(const std::string& text, const std::string& source) {
  position at{layer::file, source, 1, 1};
  auto is_indentation = true;
  const auto refuse = [&at](const char* what, const char* remedy) {
    throw core::error::request(what, where(at), remedy);
  };
  for (std::size_t i = 0; i < text.size(); ++at.column) {
    const auto length = character_length(text, i);
    if (length == 0)
      refuse("is not UTF-8", "save the file as UTF-8");
    if (is_control_character(text[i]))
      refuse("a control character", "remove it; in quotes it can be written as \\x01");
    if (text[i] == '\t' && is_indentation)
      refuse("a tab as indentation", "indent with spaces");
    is_indentation = text[i] == '\n' || (is_indentation && text[i] == ' ');
    if (text[i] == '\n') {
      ++at.line;
      at.column = 0;
    }
    i += length;
  }
}

} // namespace souk::experiments
