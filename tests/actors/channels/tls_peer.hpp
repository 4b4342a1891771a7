#pragma once

#include "tests/support/cluster_certificates.hpp"

#include <netinet/in.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::tests {

/// What somebody shows; empty: nothing.
struct shown_certificate {
  std::string certificate;
  std::string key;
  int tls_version = TLS1_3_VERSION; ///< the newest it speaks

  static shown_certificate of(const actors::bulk::credentials& who) {
    return {who.certificate, who.key};
  }
};

/// A client of OpenSSL's own, without any of our checks, that may show anything and
/// send anything. Blocks, for half a minute at most.
class tls_client {
public:
  /// Connects a plain socket; nothing is said yet. Who gives up soon takes an answer
  /// that does not come within a moment for a refusal.
  tls_client(const std::string& from,
             const std::string& to,
             std::uint16_t port,
             bool gives_up_soon = false);
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;
  ~tls_client();

  /// Calls this with each piece of ciphertext before it is sent; it may change it.
  using tamper = std::function<void(std::vector<char>&)>;

  /// Shakes hands; false if that failed. In TLS 1.3 the other end may refuse later.
  bool shake_hands(const shown_certificate& shown, const tamper& damage = {});

  /// Sends bytes as they are, without TLS.
  void send_plainly(const std::vector<char>& bytes);

  /// Sends bytes under TLS.
  void send(const std::vector<char>& bytes);

  /// Reads up to so many bytes under TLS; fewer if the other end closes before.
  std::vector<char> receive(std::size_t bytes);

  /// Says that nothing more will be sent.
  void finish_sending();

  /// The same, and waits until the other end closes.
  void wait_for_the_end();

  /// Waits until the other end closes of its own accord; returns what it sent before.
  std::vector<char> received_until_the_end();

private:
  bool go_on(const std::function<int()>& call);
  bool send_what_is_written();
  bool receive_more();

  int socket_ = -1;
  bool gives_up_soon_;
  tamper damage_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
};

/// A socket that listens at an address and shows a certificate to whoever comes; it
/// accepts everybody's. Serves in a thread.
class false_server {
public:
  false_server(const std::string& at, shown_certificate shown);
  false_server(const false_server&) = delete;
  false_server& operator=(const false_server&) = delete;
  ~false_server();

  std::uint16_t port() const;

  /// Handshakes that the other end finished.
  int num_deceived() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A socket address of this machine.
sockaddr_in address_of(const std::string& host, std::uint16_t port);

} // namespace souk::tests
