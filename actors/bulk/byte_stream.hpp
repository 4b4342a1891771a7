#pragma once

#include "actors/bulk/payload.hpp"
#include "core/shared_segment.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors::bulk {

namespace asio = boost::asio;

class tls_context;

/// Bytes both ways between two processes. Handlers run in the io thread, never inside
/// the call; whoever waits keeps the stream alive. One read and one write at a time.
class byte_stream {
public:
  using handler =
    std::function<void(const boost::system::error_code& failed, std::size_t bytes)>;

  virtual ~byte_stream() = default;

  /// Agrees on encryption, where there is any; `is_owner` accepted the connection.
  virtual void handshake(bool is_owner, handler done) = 0;

  /// Why the handshake failed or, over TLS, why reading ended, in words; empty if
  /// nobody refused.
  virtual std::string refusal() const;

  virtual void read_some(core::span<std::uint8_t> into, handler done) = 0;
  virtual void write_some(const std::vector<encoding::piece>& pieces, handler done) = 0;

  /// Sends what goes without waiting, while nothing else is being written, and tells
  /// nobody: returns how many bytes that were, perhaps none.
  virtual std::size_t write_now(encoding::piece piece);

  /// Ends both directions; what waits ends with an error.
  virtual void close() = 0;

  /// Sends a descriptor with the next bytes. Only Unix sockets can.
  virtual void attach(int descriptor_number);

  /// Takes the oldest descriptor that came; none: an empty one.
  virtual core::descriptor take_descriptor();
};

/// Pieces that one write takes: what the kernel allows without allocating.
constexpr std::size_t pieces_per_write_max = 64;

/// Lets a connection send without delay, and on loopback no more ahead than caches
/// hold.
void prepare(asio::ip::tcp::socket& socket);

/// TCP between processes of one host.
std::shared_ptr<byte_stream> make_tcp_stream(asio::ip::tcp::socket socket);

/// TLS over TCP.
std::shared_ptr<byte_stream> make_tls_stream(asio::ip::tcp::socket socket,
                                             const tls_context& encryption);

/// A Unix socket.
std::shared_ptr<byte_stream>
make_local_stream(asio::local::stream_protocol::socket socket);

/// Whether the process at the other end belongs to the same user.
bool is_same_user(asio::local::stream_protocol::socket& socket);

/// Reads until `into` is full.
void read_fully(const std::shared_ptr<byte_stream>& stream,
                core::span<std::uint8_t> into,
                byte_stream::handler done);

} // namespace souk::actors::bulk
