#include "actors/bulk/secure_link_state.hpp"
#include "core/error.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace souk::actors::bulk {

namespace {

using clock = std::chrono::steady_clock;
using wish = secure_link::state::wish;

struct addresses_end {
  void operator()(addrinfo* first) const {
    freeaddrinfo(first);
  }
};

using addresses = std::unique_ptr<addrinfo, addresses_end>;

/// Writes to a socket without the signal that ends a process whose peer is gone;
/// OpenSSL's own BIO would raise it.
int send_quietly(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto socket =
    static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const auto sent =
    ::send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long control_quietly(BIO*, int what, long, void*) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* quiet_socket() {
  static const auto* method = [] {
    auto* made =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
    BIO_meth_set_write(made, send_quietly);
    BIO_meth_set_ctrl(made, control_quietly);
    return made;
  }();
  return method;
}

core::error unreachable(const std::string& why, const std::string& place) {
  return {"cannot connect: " + why, place, "check that it runs, and its address"};
}

/// Waits until a socket can be read or written; false when the time is up.
bool wait_until_ready(int socket, short what, clock::time_point deadline) {
  pollfd one{socket, what, 0};
  for (;;) {
    const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0)
      return false;
    const auto ready = ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0 || (ready < 0 && errno != EINTR))
      return true;
  }
}

addresses find_addresses(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto failed =
    getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0)
    throw core::error{std::string{"cannot find the host: "} + gai_strerror(failed),
                      host, "check its name or address"};
  return addresses{found};
}

/// Chooses the address that a connection comes from, as others check it.
void bind_to(int socket, int family, const std::string& from) {
  if (from.empty())
    return;
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  const auto failed = getaddrinfo(from.c_str(), nullptr, &hints, &found);
  const addresses mine{failed == 0 ? found : nullptr};
  // The port is chosen when the other end is known, so that all are free.
  const int yes = 1;
  setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (!mine || ::bind(socket, mine->ai_addr, mine->ai_addrlen) != 0)
    throw core::error{"cannot connect from this address", from,
                      "it must be this host's, and of the other's family"};
}

core::descriptor connect_tcp(const addrinfo& where,
                             const std::string& from,
                             clock::time_point deadline,
                             const std::string& place) {
  core::descriptor made{
    ::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made)
    throw unreachable(std::strerror(errno), place);
  bind_to(made.number(), where.ai_family, from);
  if (::connect(made.number(), where.ai_addr, where.ai_addrlen) == 0)
    return made;
  if (errno != EINPROGRESS)
    throw unreachable(std::strerror(errno), place);
  if (!wait_until_ready(made.number(), POLLOUT, deadline))
    throw unreachable("it does not answer", place);
  int failed = 0;
  socklen_t size = sizeof failed;
  getsockopt(made.number(), SOL_SOCKET, SO_ERROR, &failed, &size);
  if (failed != 0)
    throw unreachable(std::strerror(failed), place);
  return made;
}

/// Calls until it wants nothing any more.
template <class Call>
void insist(const secure_link::state& link,
            clock::time_point deadline,
            const std::string& place,
            Call call) {
  for (;;) {
    const auto wanted = call();
    if (wanted == wish::nothing)
      return;
    if (wanted == wish::to_end)
      throw core::error{"no secure connection: " + why_refused(link.tls.get()), place,
                        "check both hosts' certificates: role, address, authority, "
                        "dates"};
    const auto event = static_cast<short>(wanted == wish::to_read ? POLLIN : POLLOUT);
    if (!wait_until_ready(link.socket.number(), event, deadline))
      throw unreachable("it does not answer", place);
  }
}

} // namespace

secure_link::state::state(const tls_context& security,
                          core::descriptor connected,
                          bool has_accepted)
  : socket{std::move(connected)}, tls{security.begin(socket.number())} {
  const auto number = socket.number();
  fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
  const int yes = 1;
  setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto* writing = BIO_new(quiet_socket());
  auto* reading = BIO_new_socket(number, BIO_NOCLOSE);
  if (writing == nullptr || reading == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(writing, reinterpret_cast<void*>(static_cast<std::intptr_t>(number)));
  BIO_set_init(writing, 1);
  SSL_set_bio(tls.get(), reading, writing);
  SSL_set_mode(tls.get(),
               SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (has_accepted)
    SSL_set_accept_state(tls.get());
  else
    SSL_set_connect_state(tls.get());
}

secure_link::state::wish secure_link::state::wish_after(int result) const {
  switch (SSL_get_error(tls.get(), result)) {
  case SSL_ERROR_NONE:
    return wish::nothing;
  case SSL_ERROR_WANT_READ:
    return wish::to_read;
  case SSL_ERROR_WANT_WRITE:
    return wish::to_write;
  default:
    return wish::to_end;
  }
}

secure_link::state::wish secure_link::state::shake_hands() {
  ERR_clear_error();
  return wish_after(SSL_do_handshake(tls.get()));
}

secure_link::secure_link(std::unique_ptr<state> connected)
  : state_{std::move(connected)} {
  // nop
}

secure_link::~secure_link() = default;

secure_link::outcome secure_link::read_some(void* into, std::size_t bytes) {
  ERR_clear_error();
  outcome end;
  switch (state_->wish_after(SSL_read_ex(state_->tls.get(), into, bytes, &end.bytes))) {
  case state::wish::nothing:
    break;
  case state::wish::to_end:
    end = {progress::broken, 0};
    break;
  default:
    end = {progress::must_wait, 0};
  }
  return end;
}

secure_link::outcome secure_link::write_some(const void* from, std::size_t bytes) {
  ERR_clear_error();
  outcome end;
  switch (
    state_->wish_after(SSL_write_ex(state_->tls.get(), from, bytes, &end.bytes))) {
  case state::wish::nothing:
    break;
  case state::wish::to_end:
    end = {progress::broken, 0};
    break;
  default:
    end = {progress::must_wait, 0};
  }
  return end;
}

bool secure_link::has_pending() const {
  return SSL_pending(state_->tls.get()) > 0;
}

int secure_link::release_socket() {
  return state_->socket.release();
}

std::shared_ptr<const tls_context> control_security(const credentials& mine) {
  return std::make_shared<const tls_context>(mine, conversation::control);
}

std::unique_ptr<secure_link> connect_securely(const tls_context& security,
                                              const std::string& host,
                                              std::uint16_t port,
                                              const std::string& from,
                                              std::chrono::milliseconds limit) {
  const auto deadline = clock::now() + limit;
  const auto place = host + ':' + std::to_string(port);
  const auto found = find_addresses(host, port);
  auto link = std::make_unique<secure_link::state>(
    security, connect_tcp(*found, from, deadline, place), /*has_accepted=*/false);
  insist(*link, deadline, place, [&] { return link->shake_hands(); });
  // In TLS 1.3 this end is done before the other has looked at its certificate.
  insist(*link, deadline, place, [&] {
    char first = 0;
    std::size_t bytes = 0;
    ERR_clear_error();
    return link->wish_after(SSL_peek_ex(link->tls.get(), &first, 1, &bytes));
  });
  return std::make_unique<secure_link>(std::move(link));
}

} // namespace souk::actors::bulk
