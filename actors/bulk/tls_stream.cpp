#include "actors/bulk/byte_stream.hpp"
#include "actors/bulk/record_store.hpp"
#include "actors/bulk/security.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>

namespace souk::actors::bulk {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t record_bytes = 16384;

/// Records that are encrypted before the kernel is called once: few enough to stay in
/// cache, and so many that it seldom waits for the other end's reads at the socket's
/// lock (docs/performance.md).
constexpr std::size_t batch_bytes = 16 * record_bytes;

/// Bytes that are read before they are decrypted: these stay in cache longer.
constexpr std::size_t read_ahead_bytes = 16 * record_bytes;

/// Reads and writes many records at a time: asio::ssl::stream moves one per call of the
/// kernel, which costs half of the speed.
class tls_stream : public byte_stream {
public:
  tls_stream(tcp::socket socket, const tls_context& encryption)
    : socket_{std::move(socket)}, tls_{encryption.begin(socket_.native_handle())} {
    auto* face = records_.make_bio();
    SSL_set_bio(tls_.get(), face, face);
  }

  void handshake(bool is_owner, handler done) override {
    if (is_owner)
      SSL_set_accept_state(tls_.get());
    else
      SSL_set_connect_state(tls_.get());
    go_on_with_handshake(std::move(done));
  }

  std::string refusal() const override {
    return refusal_;
  }

  void read_some(core::span<std::uint8_t> into, handler done) override {
    if (is_closed())
      return finish(asio::error::bad_descriptor, 0, std::move(done));
    ERR_clear_error();
    std::size_t all = 0;
    std::size_t bytes = 0;
    auto result = 1;
    while (all < into.size() && result == 1) {
      result = SSL_read_ex(tls_.get(), into.data() + all, into.size() - all, &bytes);
      all += result == 1 ? bytes : 0;
    }
    if (all > 0)
      return finish({}, all, std::move(done));
    if (SSL_get_error(tls_.get(), result) != SSL_ERROR_WANT_READ)
      return finish(last_error(), 0, std::move(done));
    socket_.async_wait(tcp::socket::wait_read,
                       [this, into, done = std::move(done)](const error_code& failed) {
                         if (failed)
                           return done(failed, 0);
                         read_some(into, done);
                       });
  }

  void write_some(const std::vector<encoding::piece>& pieces, handler done) override {
    ERR_clear_error();
    std::size_t all = 0;
    for (std::size_t i = 0; i < pieces.size() && all < batch_bytes;) {
      const auto record = next_record(pieces, i, batch_bytes - all);
      std::size_t bytes = 0;
      if (SSL_write_ex(tls_.get(), record.data(), record.size(), &bytes) != 1
          || bytes != record.size())
        return finish(last_error(), 0, std::move(done));
      all += bytes;
    }
    send([all, done = std::move(done)](const error_code& failed) {
      done(failed, failed ? 0 : all);
    });
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  /// Takes the next pieces, from number `i` on: a long one as it is, if it is the first
  /// of the record, else as many short ones as fit into a record.
  encoding::piece next_record(const std::vector<encoding::piece>& pieces,
                              std::size_t& i,
                              std::size_t bytes_max) {
    if (pieces[i].size() >= record_bytes || pieces[i].size() > bytes_max) {
      const auto bytes = std::min(pieces[i].size(), bytes_max);
      const auto part = pieces[i].subspan(0, bytes);
      // A piece that is cut ends the batch.
      i = bytes < pieces[i].size() ? pieces.size() : i + 1;
      return part;
    }
    std::size_t filled = 0;
    const auto room = std::min(bytes_max, record_.size());
    for (; i < pieces.size() && pieces[i].size() <= room - filled; ++i) {
      std::copy(pieces[i].begin(), pieces[i].end(), record_.data() + filled);
      filled += pieces[i].size();
    }
    return {record_.data(), filled};
  }

  /// What is asked of a closed stream ends at once.
  bool is_closed() const {
    return !socket_.is_open();
  }

  void go_on_with_handshake(handler done) {
    if (is_closed())
      return finish(asio::error::bad_descriptor, 0, std::move(done));
    ERR_clear_error();
    const auto result = SSL_do_handshake(tls_.get());
    const auto wants = SSL_get_error(tls_.get(), result);
    error_code refused;
    if (result != 1 && wants != SSL_ERROR_WANT_READ) {
      refusal_ = why_refused(tls_.get());
      refused = asio::error::no_permission;
    }
    // Whatever came of it, the other side must hear of it.
    send([this, result, refused, done = std::move(done)](const error_code& failed) {
      if (result == 1 && !failed)
        records_.read_ahead(read_ahead_bytes);
      if (result == 1 || refused || failed)
        return done(refused ? refused : failed, 0);
      socket_.async_wait(tcp::socket::wait_read, [this, done](const error_code& ended) {
        if (ended)
          return done(ended, 0);
        go_on_with_handshake(done);
      });
    });
  }

  /// Sends what OpenSSL has written so far.
  template <class Handler>
  void send(Handler done) {
    records_.take_written(sending_);
    asio::async_write(
      socket_, asio::buffer(sending_),
      [](const error_code& failed, std::size_t) {
        return failed ? std::size_t{0} : 2 * batch_bytes;
      },
      [done = std::move(done)](const error_code& failed, std::size_t) {
        done(failed);
      });
  }

  /// A fetcher learns only by its first read that it was refused.
  error_code last_error() {
    if (ERR_peek_error() == 0)
      return asio::error::eof;
    refusal_ = why_refused(tls_.get());
    return asio::error::connection_aborted;
  }

  void finish(const error_code& failed, std::size_t bytes, handler done) {
    asio::post(socket_.get_executor(),
               [failed, bytes, done = std::move(done)] { done(failed, bytes); });
  }

  tcp::socket socket_;
  record_store records_{socket_};
  std::vector<std::uint8_t> sending_;
  tls_pointer tls_;
  std::string refusal_;
  std::array<std::uint8_t, record_bytes> record_{};
};

} // namespace

std::shared_ptr<byte_stream> make_tls_stream(tcp::socket socket,
                                             const tls_context& encryption) {
  prepare(socket);
  return std::make_shared<tls_stream>(std::move(socket), encryption);
}

} // namespace souk::actors::bulk
