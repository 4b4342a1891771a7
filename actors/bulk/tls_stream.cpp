#include "actors/bulk/byte_stream.hpp"
#include "actors/bulk/security.hpp"
#include "actors/bulk/tls_records.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace souk::actors::bulk {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

/// Records that are encrypted before the kernel is called once: few enough to stay in
/// cache, and so many that it seldom waits for the other end's reads at the socket's
/// lock (docs/performance.md).
constexpr std::size_t batch_bytes = 16 * record_content_max;

/// Any two records in a row have more content than one may, except perhaps the last
/// two.
constexpr std::size_t batch_room =
  batch_bytes + (2 * batch_bytes / record_content_max + 1) * record_overhead
  + record_writer::key_update_bytes;

/// A handshake by OpenSSL, then records by us, many at a time: asio::ssl::stream moves
/// one per call of the kernel, which is about a fifth slower.
class tls_stream : public byte_stream {
public:
  tls_stream(tcp::socket socket, const tls_context& encryption)
    : socket_{std::move(socket)}, tls_{encryption.begin(socket_.native_handle(),
                                                        &secrets_)} {
    SSL_set0_rbio(tls_.get(), memory_bio());
    SSL_set0_wbio(tls_.get(), memory_bio());
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

  /// A fetcher learns only by its first read that it was refused.
  void read_some(core::span<std::uint8_t> into, handler done) override {
    if (is_closed())
      return finish(asio::error::bad_descriptor, 0, std::move(done));
    std::size_t all = 0;
    auto came = arrival::some;
    std::size_t arrived = 0;
    while (came == arrival::some && arrived < bytes_per_turn) {
      all += reader_->read(into.subspan(all, into.size() - all));
      if (all == into.size() || reader_->has_ended())
        break;
      const auto room = reader_->room();
      std::size_t bytes = 0;
      came = receive(room, bytes);
      reader_->note_arrival(bytes);
      arrived += bytes;
    }
    if (all > 0)
      return finish({}, all, std::move(done));
    refusal_ = reader_->refusal();
    if (!refusal_.empty())
      return finish(asio::error::connection_aborted, 0, std::move(done));
    if (came == arrival::none_ever || reader_->has_ended())
      return finish(asio::error::eof, 0, std::move(done));
    auto again = [this, into, done = std::move(done)](const error_code& failed) {
      if (failed)
        return done(failed, 0);
      read_some(into, done);
    };
    if (came == arrival::none_yet)
      return socket_.async_wait(tcp::socket::wait_read, std::move(again));
    // Much came, and nothing of it was data: now it is others' turn.
    asio::post(socket_.get_executor(), [again = std::move(again)] { again({}); });
  }

  void write_some(const std::vector<encoding::piece>& pieces, handler done) override {
    if (is_closed())
      return finish(asio::error::bad_descriptor, 0, std::move(done));
    auto* to = sending_.get();
    if (writer_->is_worn())
      to += writer_->renew(to);
    std::size_t all = 0;
    for (place next; next.piece < pieces.size() && all < batch_bytes;) {
      all += take_record(pieces, next, batch_bytes - all);
      to += writer_->write(record_, to);
    }
    send({sending_.get(), static_cast<std::size_t>(to - sending_.get())},
         [all, done = std::move(done)](const error_code& failed) {
           done(failed, failed ? 0 : all);
         });
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  /// Bytes that may arrive before other connections have their turn: as much as two
  /// reads take, so that only what is no data comes to so many.
  static constexpr std::size_t bytes_per_turn = std::size_t{2} << 20U;

  enum class arrival : std::uint8_t { some, none_yet, none_ever };

  /// Where the next record begins.
  struct place {
    std::size_t piece = 0;
    std::size_t offset = 0;
  };

  /// Takes what the next record has of the pieces: as many short ones as fit, or as
  /// much of a long one. Returns how many bytes that is. A long one begins a record, so
  /// that it can be decrypted to where it shall lie.
  std::size_t take_record(const std::vector<encoding::piece>& pieces,
                          place& next,
                          std::size_t bytes_max) {
    const auto room = std::min(bytes_max, record_content_max);
    std::size_t filled = 0;
    record_.clear();
    while (next.piece < pieces.size() && filled < room) {
      const auto& piece = pieces[next.piece];
      const auto left = piece.size() - next.offset;
      if (filled > 0 && left > room - filled)
        break;
      const auto part = piece.subspan(next.offset, std::min(left, room));
      record_.push_back(part);
      filled += part.size();
      next = part.size() < left ? place{next.piece, next.offset + part.size()}
                                : place{next.piece + 1, 0};
    }
    return filled;
  }

  /// What is asked of a closed stream ends at once.
  bool is_closed() const {
    return !socket_.is_open();
  }

  void go_on_with_handshake(handler done) {
    if (is_closed())
      return finish(asio::error::bad_descriptor, 0, std::move(done));
    read_greeting();
    ERR_clear_error();
    const auto result = SSL_do_handshake(tls_.get());
    const auto wants = SSL_get_error(tls_.get(), result);
    error_code refused;
    if (result != 1 && wants != SSL_ERROR_WANT_READ) {
      refusal_ = why_refused(tls_.get());
      refused = asio::error::no_permission;
    }
    if (result == 1 && !begin_records())
      refused = asio::error::no_permission;
    // Whatever came of it, the other side must hear of it.
    send(greeting(), [this, result, refused,
                      done = std::move(done)](const error_code& failed) {
      if (result == 1 && !failed)
        tls_.reset(); // all else is ours
      if (result == 1 || refused || failed)
        return done(refused ? refused : failed, 0);
      static_cast<void>(BIO_reset(SSL_get_wbio(tls_.get())));
      socket_.async_wait(tcp::socket::wait_read, [this, done](const error_code& ended) {
        if (ended)
          return done(ended, 0);
        go_on_with_handshake(done);
      });
    });
  }

  static BIO* memory_bio() {
    auto* made = BIO_new(BIO_s_mem());
    if (made == nullptr)
      throw std::bad_alloc{};
    return made;
  }

  /// Hands OpenSSL what came.
  void read_greeting() {
    std::array<std::uint8_t, record_content_max> room{};
    std::size_t bytes = 0;
    auto* arrived = SSL_get_rbio(tls_.get());
    if (receive(room, bytes) == arrival::none_ever)
      BIO_set_mem_eof_return(arrived, 0);
    if (bytes > 0
        && BIO_write(arrived, room.data(), static_cast<int>(bytes))
             != static_cast<int>(bytes))
      throw std::bad_alloc{};
  }

  /// What OpenSSL wants to send.
  encoding::piece greeting() const {
    return held_by(SSL_get_wbio(tls_.get()));
  }

  static encoding::piece held_by(BIO* memory) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(memory, &bytes);
    return {reinterpret_cast<const std::uint8_t*>(bytes),
            static_cast<std::size_t>(size)};
  }

  /// Whether records can be made and read from here on; else `refusal_` says why not.
  bool begin_records() {
    const auto is_owner = SSL_is_server(tls_.get()) == 1;
    const auto secrets = std::exchange(secrets_, {});
    const auto& own = is_owner ? secrets.of_server : secrets.of_client;
    const auto& others = is_owner ? secrets.of_client : secrets.of_server;
    if (!own || !others) {
      refusal_ = "OpenSSL does not tell the connection's secrets";
      return false;
    }
    if (SSL_has_pending(tls_.get()) != 0) {
      refusal_ = "OpenSSL read further than the handshake";
      return false;
    }
    try {
      writer_.emplace(*own);
      reader_.emplace(*others, held_by(SSL_get_rbio(tls_.get())));
      sending_.reset(new std::uint8_t[batch_room]);
    } catch (const std::exception& broken) {
      refusal_ = broken.what();
      return false;
    }
    return true;
  }

  /// Takes what the kernel has.
  arrival receive(core::span<std::uint8_t> into, std::size_t& bytes) {
    const auto received =
      recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    bytes = static_cast<std::size_t>(std::max<ssize_t>(0, received));
    if (received > 0)
      return arrival::some;
    return received < 0 && (errno == EAGAIN || errno == EINTR) ? arrival::none_yet
                                                               : arrival::none_ever;
  }

  template <class Handler>
  void send(encoding::piece bytes, Handler done) {
    asio::async_write(
      socket_, asio::buffer(bytes.data(), bytes.size()),
      [](const error_code& failed, std::size_t) {
        return failed ? std::size_t{0} : batch_room;
      },
      [done = std::move(done)](const error_code& failed, std::size_t) {
        done(failed);
      });
  }

  void finish(const error_code& failed, std::size_t bytes, handler done) {
    asio::post(socket_.get_executor(),
               [failed, bytes, done = std::move(done)] { done(failed, bytes); });
  }

  tcp::socket socket_;
  traffic_secrets secrets_;
  tls_pointer tls_;
  std::optional<record_writer> writer_; ///< after the handshake
  std::optional<record_reader> reader_; ///< after the handshake
  std::vector<encoding::piece> record_;
  /// Not cleared, so that a connection takes only the memory that it uses.
  std::unique_ptr<std::uint8_t[]> sending_;
  std::string refusal_;
};

} // namespace

std::shared_ptr<byte_stream> make_tls_stream(tcp::socket socket,
                                             const tls_context& encryption) {
  prepare(socket);
  return std::make_shared<tls_stream>(std::move(socket), encryption);
}

} // namespace souk::actors::bulk
