#include "experiments/environment/local_listener.hpp"

#include "core/error.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace souk::experiments {

namespace {

constexpr int backlog = 16;

/// Says what the system refused.
core::error broken(const std::string& what, const std::string& address) {
  const auto* remedy = errno == EADDRINUSE ? "take another port, or --port 0 for any"
                       : errno == EACCES   ? "use a place that you may write to, or a "
                                             "port from 1024 on"
                                           : "check that the folder exists and can be "
                                             "written";
  return core::error{what + " (" + std::strerror(errno) + ')', address, remedy};
}

descriptor open_socket(int family, const std::string& address) {
  descriptor made{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!made.is_open())
    throw broken("cannot make a socket", address);
  return made;
}

sockaddr_un path_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    throw core::error::request("is too long for a socket, or empty", path,
                               "use a path of at most "
                                 + std::to_string(sizeof address.sun_path - 1)
                                 + " bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

template <class Address>
const sockaddr* general(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Removes a socket that nobody serves any more; refuses everything else.
void clear_path(const std::string& path, const sockaddr_un& address) {
  struct stat there {};

  if (lstat(path.c_str(), &there) != 0)
    return;
  if (!S_ISSOCK(there.st_mode))
    throw core::error::request("is there and is no socket", path,
                               "name another path with --socket");
  const auto caller = open_socket(AF_UNIX, path);
  if (connect(caller.number(), general(address), sizeof address) == 0
      || errno != ECONNREFUSED)
    throw core::error::request("is in use by another process", path,
                               "name another path with --socket");
  if (unlink(path.c_str()) != 0)
    throw broken("cannot remove the socket of a process that is gone", path);
}

} // namespace

local_listener::local_listener(descriptor socket, std::string address)
  : socket_{std::move(socket)}, address_{std::move(address)} {
  // nop
}

local_listener::local_listener(local_listener&& other) noexcept
  : socket_{std::move(other.socket_)}, address_{std::move(other.address_)},
    has_path_{std::exchange(other.has_path_, false)}, device_{other.device_},
    inode_{other.inode_} {
  // nop
}

local_listener::~local_listener() {
  struct stat there {};

  if (has_path_ && lstat(address_.c_str(), &there) == 0 && there.st_dev == device_
      && there.st_ino == inode_)
    unlink(address_.c_str());
}

local_listener local_listener::at_path(const std::string& path) {
  const auto address = path_address(path);
  clear_path(path, address);
  local_listener made{open_socket(AF_UNIX, path), path};
  // Only its owner may connect; nobody can before it listens.
  if (bind(made.socket_.number(), general(address), sizeof address) != 0)
    throw broken("cannot listen", path);

  struct stat there {};

  if (lstat(path.c_str(), &there) != 0)
    throw broken("cannot listen", path);
  made.has_path_ = true;
  made.device_ = there.st_dev;
  made.inode_ = there.st_ino;
  if (chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0
      || listen(made.socket_.number(), backlog) != 0)
    throw broken("cannot listen", path);
  return made;
}

local_listener local_listener::at_port(std::uint16_t port) {
  const std::string host = "127.0.0.1";
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  auto place = host + ':' + std::to_string(port);
  auto socket = open_socket(AF_INET, place);
  const int yes = 1;
  setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof address;
  if (bind(socket.number(), general(address), size) != 0
      || listen(socket.number(), backlog) != 0
      || getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size)
           != 0)
    throw broken("cannot listen", place);
  place = host + ':' + std::to_string(ntohs(address.sin_port));
  return {std::move(socket), std::move(place)};
}

std::optional<descriptor> local_listener::accept(int timeout_ms) const {
  pollfd awaited{socket_.number(), POLLIN, 0};
  if (poll(&awaited, 1, timeout_ms) <= 0)
    return std::nullopt;
  descriptor comer{accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
  if (!comer.is_open())
    return std::nullopt; // gone again, or no descriptors left: later, perhaps
  if (!has_path_) {
    const int yes = 1; // answers are sent at once
    setsockopt(comer.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  return comer;
}

} // namespace souk::experiments
