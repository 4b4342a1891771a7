#pragma once

#include "actors/bulk/session.hpp"
#include "core/bulk_address.hpp"
#include "core/network_address.hpp"

#include <memory>
#include <string>

namespace souk::actors::bulk {

/// Throws `core::error` where nobody could listen at an address now.
void check_is_free(const core::network_address& at);

/// Accepts fetchers over TCP and, where asked to, over a Unix socket, and gives each a
/// session. Belongs to one io thread.
class listener {
public:
  /// Listens at an address; with a context, for TLS only. Throws `core::error`.
  listener(asio::io_context& io,
           const core::network_address& at,
           bool shared_memory,
           std::shared_ptr<const tls_context> encryption,
           std::shared_ptr<const session_settings> settings);

  const core::bulk_address& address() const {
    return address_;
  }

private:
  void listen_locally();
  void accept_tcp();
  void accept_local();

  asio::io_context& io_;
  std::shared_ptr<const tls_context> encryption_;
  std::shared_ptr<const session_settings> settings_;
  core::bulk_address address_;
  asio::ip::tcp::acceptor tcp_;
  asio::local::stream_protocol::acceptor local_;
  asio::steady_timer pause_; ///< while no more connections can be had
  waiting_room strangers_{strangers_max};
  waiting_room local_strangers_{strangers_max};
};

} // namespace souk::actors::bulk
