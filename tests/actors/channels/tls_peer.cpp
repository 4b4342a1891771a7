#include "tests/actors/channels/tls_peer.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace souk::tests {

namespace {

constexpr timeval patience{30, 0};
constexpr timeval moment{0, 100'000};

int new_socket(const std::string& at) {
  const auto made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  // The port is chosen when the other end is known, so that all are free.
  const int yes = 1;
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  const auto where = address_of(at, 0);
  if (::bind(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    throw std::runtime_error{"cannot bind to " + at};
  return made;
}

SSL_CTX* make_context(const shown_certificate& shown) {
  auto* context = SSL_CTX_new(TLS_method());
  SSL_CTX_set_max_proto_version(context, shown.tls_version);
  if (!shown.certificate.empty()) {
    SSL_CTX_use_certificate_chain_file(context, shown.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context, shown.key.c_str(), SSL_FILETYPE_PEM);
  }
  return context;
}

} // namespace

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1)
    throw std::runtime_error{"no address: " + host};
  return where;
}

tls_client::tls_client(const std::string& from,
                       const std::string& to,
                       std::uint16_t port,
                       bool gives_up_soon)
  : socket_{new_socket(from)}, gives_up_soon_{gives_up_soon} {
  const auto where = address_of(to, port);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    throw std::runtime_error{"cannot connect to " + to + ": " + std::strerror(errno)};
  if (gives_up_soon)
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
}

tls_client::~tls_client() {
  ::close(socket_);
}

bool tls_client::shake_hands(const shown_certificate& shown, const tamper& damage) {
  damage_ = damage;
  context_.reset(make_context(shown));
  tls_.reset(SSL_new(context_.get()));
  SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(tls_.get());
  const auto done = go_on([this] { return SSL_do_handshake(tls_.get()); });
  return send_what_is_written() && done;
}

/// Moves bytes until the call is done or fails.
bool tls_client::go_on(const std::function<int()>& call) {
  for (;;) {
    ERR_clear_error();
    const auto result = call();
    if (result > 0)
      return true;
    const auto wants = SSL_get_error(tls_.get(), result);
    if (!send_what_is_written() || wants != SSL_ERROR_WANT_READ || !receive_more())
      return false;
  }
}

bool tls_client::send_what_is_written() {
  auto* written = SSL_get_wbio(tls_.get());
  std::vector<char> bytes(BIO_ctrl_pending(written));
  if (bytes.empty())
    return true;
  BIO_read(written, bytes.data(), static_cast<int>(bytes.size()));
  if (damage_)
    damage_(bytes);
  return bytes.empty()
         || ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
              == static_cast<ssize_t>(bytes.size());
}

bool tls_client::receive_more() {
  std::array<char, 16'384> room{};
  const auto bytes = ::recv(socket_, room.data(), room.size(), 0);
  if (bytes < 0 && errno == EAGAIN && !gives_up_soon_)
    throw std::runtime_error{"the connection was neither served nor closed"};
  if (bytes <= 0)
    return false;
  BIO_write(SSL_get_rbio(tls_.get()), room.data(), static_cast<int>(bytes));
  return true;
}

void tls_client::send_plainly(const std::vector<char>& bytes) {
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void tls_client::send(const std::vector<char>& bytes) {
  go_on([&] {
    return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
  });
  send_what_is_written();
}

std::vector<char> tls_client::receive(std::size_t bytes) {
  std::vector<char> all(bytes);
  std::size_t done = 0;
  while (done < bytes && go_on([&] {
           std::size_t more = 0;
           const auto result =
             SSL_read_ex(tls_.get(), all.data() + done, bytes - done, &more);
           done += result == 1 ? more : 0;
           return result;
         })) {
  }
  all.resize(done);
  return all;
}

void tls_client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void tls_client::wait_for_the_end() {
  finish_sending();
  received_until_the_end();
}

std::vector<char> tls_client::received_until_the_end() {
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::vector<char> all;
  std::array<char, 4096> room{};
  for (;;) {
    const auto bytes = ::recv(socket_, room.data(), room.size(), 0);
    if (bytes < 0 && errno == EAGAIN)
      throw std::runtime_error{"the connection was not closed"};
    if (bytes <= 0)
      return all;
    all.insert(all.end(), room.begin(), room.begin() + bytes);
  }
}

struct false_server::state {
  void serve() {
    for (;;) {
      const auto arrived = ::accept(listening, nullptr, nullptr);
      if (is_ending)
        return;
      if (arrived < 0)
        continue;
      std::unique_ptr<SSL, decltype(&SSL_free)> tls{SSL_new(context.get()), &SSL_free};
      SSL_set_fd(tls.get(), arrived);
      if (SSL_accept(tls.get()) == 1)
        ++num_deceived;
      tls.reset();
      ::close(arrived);
    }
  }

  int listening = -1;
  std::uint16_t port = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{nullptr, &SSL_CTX_free};
  std::atomic<bool> is_ending{false};
  std::atomic<int> num_deceived{0};
  std::thread thread;
};

false_server::false_server(const std::string& at, shown_certificate shown)
  : state_{std::make_unique<state>()} {
  auto& my = *state_;
  my.listening = new_socket(at);
  ::listen(my.listening, 8);
  sockaddr_in where{};
  socklen_t size = sizeof where;
  getsockname(my.listening, reinterpret_cast<sockaddr*>(&where), &size);
  my.port = ntohs(where.sin_port);
  my.context.reset(make_context(shown));
  // Whoever comes is asked for a certificate, and whatever it is, it is good.
  SSL_CTX_set_verify(my.context.get(), SSL_VERIFY_PEER,
                     [](int, X509_STORE_CTX*) { return 1; });
  my.thread = std::thread{[&my] {
    my.serve();
  }};
}

false_server::~false_server() {
  auto& my = *state_;
  my.is_ending = true;
  ::shutdown(my.listening, SHUT_RDWR);
  my.thread.join();
  ::close(my.listening);
}

std::uint16_t false_server::port() const {
  return state_->port;
}

int false_server::num_deceived() const {
  return state_->num_deceived;
}

} // namespace souk::tests
