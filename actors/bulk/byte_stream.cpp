#include "actors/bulk/byte_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace souk::actors::bulk {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

/// What may lie in the kernel on its way, more or less (Linux doubles it, and caps it
/// at net.core.wmem_max): so little that it is still in cache when it is read. Left
/// alone, megabytes wait, which is right between hosts.
constexpr int loopback_buffer_bytes = 512 << 10;

std::vector<asio::const_buffer> buffers_of(const std::vector<encoding::piece>& pieces) {
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(pieces.size());
  for (const auto& piece : pieces)
    buffers.emplace_back(piece.data(), piece.size());
  return buffers;
}

class tcp_stream : public byte_stream {
public:
  explicit tcp_stream(tcp::socket socket) : socket_{std::move(socket)} {
    error_code ignored; // a socket whose peer is gone fails at its first use
    socket_.non_blocking(true, ignored);
  }

  void handshake(bool, handler done) override {
    asio::post(socket_.get_executor(), [done = std::move(done)] { done({}, 0); });
  }

  void read_some(core::span<std::uint8_t> into, handler done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }

  void write_some(const std::vector<encoding::piece>& pieces, handler done) override {
    socket_.async_write_some(buffers_of(pieces), std::move(done));
  }

  std::size_t write_now(encoding::piece piece) override {
    error_code failed; // and whoever then waits hears why
    const auto bytes =
      socket_.write_some(asio::buffer(piece.data(), piece.size()), failed);
    return failed ? 0 : bytes;
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  tcp::socket socket_;
};

class local_stream : public byte_stream {
public:
  explicit local_stream(asio::local::stream_protocol::socket socket)
    : socket_{std::move(socket)} {
    socket_.native_non_blocking(true);
  }

  void handshake(bool, handler done) override {
    finish({}, 0, std::move(done));
  }

  void read_some(core::span<std::uint8_t> into, handler done) override {
    const auto bytes = receive(into);
    if (bytes > 0)
      return finish({}, static_cast<std::size_t>(bytes), std::move(done));
    if (bytes == 0)
      return finish(asio::error::eof, 0, std::move(done));
    if (errno != EAGAIN && errno != EINTR)
      return finish({errno, boost::system::system_category()}, 0, std::move(done));
    socket_.async_wait(asio::socket_base::wait_read,
                       [this, into, done = std::move(done)](const error_code& failed) {
                         if (failed)
                           return done(failed, 0);
                         read_some(into, done);
                       });
  }

  void write_some(const std::vector<encoding::piece>& pieces, handler done) override {
    const auto bytes = send(pieces);
    if (bytes >= 0)
      return finish({}, static_cast<std::size_t>(bytes), std::move(done));
    if (errno != EAGAIN && errno != EINTR)
      return finish({errno, boost::system::system_category()}, 0, std::move(done));
    socket_.async_wait(
      asio::socket_base::wait_write,
      [this, pieces, done = std::move(done)](const error_code& failed) {
        if (failed)
          return done(failed, 0);
        write_some(pieces, done);
      });
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  std::size_t write_now(encoding::piece piece) override {
    return static_cast<std::size_t>(std::max<ssize_t>(0, send({piece})));
  }

  void attach(int descriptor_number) override {
    attached_ = descriptor_number;
  }

  core::descriptor take_descriptor() override {
    if (arrived_.empty())
      return {};
    auto oldest = std::move(arrived_.front());
    arrived_.pop_front();
    return oldest;
  }

private:
  /// Descriptors that may wait to be taken: one comes with a frame, and is taken then.
  static constexpr std::size_t arrived_max = 4;

  union control_room {
    cmsghdr alignment;
    std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  };

  void finish(const error_code& failed, std::size_t bytes, handler done) {
    asio::post(socket_.get_executor(),
               [failed, bytes, done = std::move(done)] { done(failed, bytes); });
  }

  ssize_t receive(core::span<std::uint8_t> into) {
    iovec room{into.data(), into.size()};
    control_room control{};
    msghdr message{};
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const auto bytes =
      recvmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (bytes < 0)
      return bytes;
    for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part))
      if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(part), sizeof number);
        arrived_.emplace_back(number);
      }
    if (arrived_.size() <= arrived_max)
      return bytes;
    errno = EPROTO;
    return -1;
  }

  ssize_t send(const std::vector<encoding::piece>& pieces) {
    std::vector<iovec> rooms;
    for (const auto& piece : pieces)
      rooms.push_back({const_cast<std::uint8_t*>(piece.data()), piece.size()});
    control_room control{};
    msghdr message{};
    message.msg_iov = rooms.data();
    message.msg_iovlen = rooms.size();
    if (attached_ >= 0) {
      message.msg_control = control.bytes.data();
      message.msg_controllen = control.bytes.size();
      auto* part = CMSG_FIRSTHDR(&message);
      part->cmsg_level = SOL_SOCKET;
      part->cmsg_type = SCM_RIGHTS;
      part->cmsg_len = CMSG_LEN(sizeof attached_);
      std::memcpy(CMSG_DATA(part), &attached_, sizeof attached_);
    }
    const auto bytes =
      sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (bytes > 0)
      attached_ = -1;
    return bytes;
  }

  asio::local::stream_protocol::socket socket_;
  int attached_ = -1;
  std::deque<core::descriptor> arrived_;
};

} // namespace

std::string byte_stream::refusal() const {
  return {};
}

std::size_t byte_stream::write_now(encoding::piece) {
  return 0;
}

void byte_stream::attach(int) {
  // nop
}

core::descriptor byte_stream::take_descriptor() {
  return {};
}

void prepare(tcp::socket& socket) {
  error_code ignored; // a socket whose peer is gone fails at its first use
  socket.set_option(tcp::no_delay{true}, ignored);
  if (socket.remote_endpoint(ignored).address().is_loopback())
    socket.set_option(asio::socket_base::send_buffer_size{loopback_buffer_bytes},
                      ignored);
}

std::shared_ptr<byte_stream> make_tcp_stream(tcp::socket socket) {
  prepare(socket);
  return std::make_shared<tcp_stream>(std::move(socket));
}

std::shared_ptr<byte_stream>
make_local_stream(asio::local::stream_protocol::socket socket) {
  return std::make_shared<local_stream>(std::move(socket));
}

bool is_same_user(asio::local::stream_protocol::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
         && peer.uid == geteuid();
}

void read_fully(const std::shared_ptr<byte_stream>& stream,
                core::span<std::uint8_t> into,
                byte_stream::handler done) {
  stream->read_some(into, [stream, into, done = std::move(done)](
                            const error_code& failed, std::size_t bytes) {
    if (failed || bytes == into.size())
      return done(failed, bytes);
    read_fully(stream, into.subspan(bytes, into.size() - bytes), done);
  });
}

} // namespace souk::actors::bulk
