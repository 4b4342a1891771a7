#include "core/network_address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>

namespace souk::core {

namespace {

bool is_host_of(int family, const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

} // namespace

bool is_numeric_host(const std::string& text) {
  return is_host_of(AF_INET, text) || is_host_of(AF_INET6, text);
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
  network_address read{std::string{host}, 0};
  const auto* end = digits.data() + digits.size();
  const auto [stop, wrong] = std::from_chars(digits.data(), end, read.port);
  if (digits.empty() || wrong != std::errc{} || stop != end
      || !is_host_of(has_brackets ? AF_INET6 : AF_INET, read.host))
    return std::nullopt;
  return read;
}

std::string to_string(const network_address& address) {
  const auto is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + address.host + ']' : address.host) + ':'
         + std::to_string(address.port);
}

} // namespace souk::core
