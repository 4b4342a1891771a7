#pragma once

#include "actors/bulk/frames.hpp"
#include "core/bulk_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace souk::tests {

/// A plain socket of somebody who may not keep to the protocol. Nothing waits for more
/// than half a minute.
class stranger {
public:
  explicit stranger(int socket) : socket_{socket} {
    const timeval limit{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }

  stranger(stranger&& other) noexcept : socket_{std::exchange(other.socket_, -1)} {
    // nop
  }

  ~stranger() {
    if (socket_ >= 0)
      ::close(socket_);
  }

  /// Connects to a port of this machine.
  static stranger at(const core::bulk_address& address) {
    stranger made{::socket(AF_INET, SOCK_STREAM, 0)};
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(address.port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made.socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
      throw std::runtime_error{"cannot connect"};
    return made;
  }

  /// Writes as much as the other end takes.
  template <class Bytes>
  void send(const Bytes& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const auto more =
        ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (more <= 0)
        return;
      sent += static_cast<std::size_t>(more);
    }
  }

  /// Says that nothing more will be sent.
  void finish_sending() {
    ::shutdown(socket_, SHUT_WR);
  }

  /// Reads a frame; whatever is missing stays zero.
  template <class Frame>
  Frame receive() {
    Frame frame{};
    ::recv(socket_, frame.data(), frame.size(), MSG_WAITALL);
    return frame;
  }

  /// Reads until the other end closes and returns how much came; throws if it does not.
  std::size_t receive_to_end() {
    std::vector<std::uint8_t> room(1 << 16);
    std::size_t all = 0;
    for (;;) {
      const auto more = ::recv(socket_, room.data(), room.size(), 0);
      if (more == 0 || (more < 0 && errno == ECONNRESET))
        return all;
      if (more < 0)
        throw std::runtime_error{"the connection was not closed"};
      all += static_cast<std::size_t>(more);
    }
  }

private:
  int socket_ = -1;
};

/// Pretends to be the owner of tensors.
class false_owner {
public:
  false_owner() : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval limit{30, 0}; // accepting waits no longer
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* name = reinterpret_cast<sockaddr*>(&where);
    if (::bind(socket_, name, size) != 0 || ::listen(socket_, 8) != 0
        || ::getsockname(socket_, name, &size) != 0)
      throw std::runtime_error{"cannot listen"};
    address_ = {"127.0.0.1", ntohs(where.sin_port), {}};
  }

  false_owner(const false_owner&) = delete;
  false_owner& operator=(const false_owner&) = delete;

  ~false_owner() {
    ::close(socket_);
  }

  const core::bulk_address& address() const {
    return address_;
  }

  /// Takes the next connection, and its hello.
  stranger accept_silently() {
    const auto accepted = ::accept(socket_, nullptr, nullptr);
    if (accepted < 0)
      throw std::runtime_error{"nobody connects"};
    stranger fetcher{accepted};
    fetcher.receive<actors::bulk::hello_frame>();
    return fetcher;
  }

  /// The same, welcomes it, and reads its first request.
  stranger accept() {
    auto fetcher = accept_silently();
    fetcher.send(encode(actors::bulk::reply{}));
    fetcher.receive<actors::bulk::request_frame>();
    return fetcher;
  }

private:
  int socket_ = -1;
  core::bulk_address address_;
};

} // namespace souk::tests
