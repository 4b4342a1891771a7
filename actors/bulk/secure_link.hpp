#pragma once

#include "actors/bulk/credentials.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace souk::actors::bulk {

class tls_context;

/// A TCP connection under TLS whose other end has shown who it is. Never blocks; one
/// thread at a time.
class secure_link {
public:
  enum class progress { done, must_wait, broken };

  struct outcome {
    progress how = progress::done;
    std::size_t bytes = 0;
  };

  struct state;
  explicit secure_link(std::unique_ptr<state> connected);
  secure_link(const secure_link&) = delete;
  secure_link& operator=(const secure_link&) = delete;
  ~secure_link();

  outcome read_some(void* into, std::size_t bytes);
  outcome write_some(const void* from, std::size_t bytes);

  /// Whether bytes have come that the socket no longer shows.
  bool has_pending() const;

  /// Hands the socket to somebody who closes it after this object's end.
  int release_socket();

private:
  std::unique_ptr<state> state_;
};

/// What both ends of the control channel need. Throws `core::error` where
/// `check_credentials` would.
std::shared_ptr<const tls_context> control_security(const credentials& mine);

/// Connects to a host's port, from an address unless that is empty, and waits until the
/// other end has let this one in, which it shows by its first byte. Blocks, but not
/// longer than the limit. Throws `core::error` with the reason of a refusal.
std::unique_ptr<secure_link> connect_securely(const tls_context& security,
                                              const std::string& host,
                                              std::uint16_t port,
                                              const std::string& from,
                                              std::chrono::milliseconds limit);

} // namespace souk::actors::bulk
