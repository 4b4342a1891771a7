#pragma once

#include <cstdint>
#include <string>

namespace souk::core {

/// Where the tensors of a process can be fetched.
struct bulk_address {
  std::string host;       ///< numeric
  std::uint16_t port = 0; ///< TCP; 0: nowhere
  std::string local;      ///< abstract Unix socket for the same host; empty: none
};

inline bool operator==(const bulk_address& a, const bulk_address& b) {
  return a.host == b.host && a.port == b.port && a.local == b.local;
}

inline bool operator!=(const bulk_address& a, const bulk_address& b) {
  return !(a == b);
}

} // namespace souk::core
