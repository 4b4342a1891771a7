#include "actors/bulk/listener.hpp"

#include "core/error.hpp"

#include <openssl/rand.h>
#include <unistd.h>

#include <array>

namespace souk::actors::bulk {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// After a failure to accept, as when no file can be opened any more.
constexpr std::chrono::milliseconds accept_pause{100};

/// A name that no other process has.
std::string local_name() {
  std::array<unsigned char, 16> random{};
  core::expects(RAND_bytes(random.data(), random.size()) == 1,
                "OpenSSL draws random bytes");
  std::string name = "souk-bulk-" + std::to_string(getpid()) + '-';
  for (const auto byte : random) {
    constexpr auto* digits = "0123456789abcdef";
    name += digits[byte >> 4U];
    name += digits[byte & 15U];
  }
  return name;
}

void listen_at(tcp::acceptor& door, const core::network_address& at) {
  try {
    const tcp::endpoint place{asio::ip::make_address(at.host), at.port};
    door.open(place.protocol());
    // Connections of a process that died here a moment ago must not stand in the way.
    door.set_option(asio::socket_base::reuse_address{true});
    door.bind(place);
    door.listen();
  } catch (const boost::system::system_error& broken) {
    throw core::error{std::string{"cannot listen for tensors: "} + broken.what(),
                      to_string(at), "check the address, and that its port is free"};
  }
}

} // namespace

void check_is_free(const core::network_address& at) {
  asio::io_context io;
  tcp::acceptor door{io};
  listen_at(door, at);
}

listener::listener(asio::io_context& io,
                   const core::network_address& at,
                   bool shared_memory,
                   std::shared_ptr<const tls_context> encryption,
                   std::shared_ptr<const session_settings> settings)
  : io_{io}, encryption_{std::move(encryption)}, settings_{std::move(settings)},
    tcp_{io}, local_{io}, pause_{io} {
  listen_at(tcp_, at);
  address_ = {at.host, tcp_.local_endpoint().port(), {}};
  accept_tcp();
  if (shared_memory)
    listen_locally();
}

/// Without it the others use TCP.
void listener::listen_locally() {
  const auto name = local_name();
  error_code failed;
  local_.open({}, failed);
  if (!failed)
    local_.bind(asio::local::stream_protocol::endpoint{'\0' + name}, failed);
  if (!failed)
    local_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed)
    return;
  address_.local = name;
  accept_local();
}

void listener::accept_tcp() {
  tcp_.async_accept([this](const error_code& failed, tcp::socket socket) {
    if (failed == asio::error::operation_aborted)
      return;
    if (failed) {
      pause_.expires_after(accept_pause);
      return pause_.async_wait([this](const error_code& ended) {
        if (!ended)
          accept_tcp();
      });
    }
    accept_tcp(); // whatever becomes of this one
    auto peer = peer_address(socket.native_handle());
    auto stream = encryption_ ? make_tls_stream(std::move(socket), *encryption_)
                              : make_tcp_stream(std::move(socket));
    std::make_shared<session>(io_, std::move(stream), bulk_way::stream, std::move(peer),
                              settings_)
      ->start(strangers_);
  });
}

void listener::accept_local() {
  local_.async_accept(
    [this](const error_code& failed, asio::local::stream_protocol::socket socket) {
      // Whoever is not let in here comes over TCP.
      if (failed)
        return;
      accept_local(); // whatever becomes of this one
      if (is_same_user(socket))
        std::make_shared<session>(io_, make_local_stream(std::move(socket)),
                                  bulk_way::shared_memory, "a local process", settings_)
          ->start(local_strangers_);
    });
}

} // namespace souk::actors::bulk
