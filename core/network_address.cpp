#include "core/network_address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>

namespace souk::core {

namespace {

std::optional<std::string> host_of(int family, const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> usual{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1
      || !inet_ntop(family, bytes.data(), usual.data(), usual.size()))
    return std::nullopt;
  return usual.data();
}

} // namespace

std::optional<std::string> numeric_host(const std::string& text) {
  const auto v4 = host_of(AF_INET, text);
  return v4 ? v4 : host_of(AF_INET6, text);
}

std::optional<network_address> parse_network_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const auto has_brackets =
    host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets)
    host = host.substr(1, host.size() - 2);
  const auto usual = host_of(has_brackets ? AF_INET6 : AF_INET, std::string{host});
  network_address read{usual.value_or(""), 0};
  const auto* end = digits.data() + digits.size();
  const auto [stop, wrong] = std::from_chars(digits.data(), end, read.port);
  if (digits.empty() || wrong != std::errc{} || stop != end || !usual)
    return std::nullopt;
  return read;
}

std::string to_string(const network_address& address) {
  const auto is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + address.host + ']' : address.host) + ':'
         + std::to_string(address.port);
}

} // namespace souk::core
