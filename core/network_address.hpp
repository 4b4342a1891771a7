#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace souk::core {

/// Where a process listens or is reached: a numeric host, because certificates carry
/// addresses and nobody's name service must be believed, and a TCP port.
struct network_address {
  std::string host;       ///< "10.0.0.1", "fd00::1"
  std::uint16_t port = 0; ///< 0: any free one, where that makes sense
};

/// Reads "10.0.0.1:7400" or "[fd00::1]:7400", the host in its usual spelling; nothing
/// if it is neither.
std::optional<network_address> parse_network_address(std::string_view text);

/// A numeric IPv4 or IPv6 address in its one usual spelling ("fd00::2"); nothing if the
/// text is none.
std::optional<std::string> numeric_host(const std::string& text);

/// Writes it as it is read.
std::string to_string(const network_address& address);

} // namespace souk::core
