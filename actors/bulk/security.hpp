#pragma once

#include "actors/bulk/credentials.hpp"
#include "actors/bulk/frames.hpp"
#include "actors/bulk/refusal_log.hpp"
#include "actors/bulk/tls_records.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace souk::actors::bulk {

/// How long whoever connects may take to show who it is.
constexpr std::chrono::milliseconds greeting_limit{10'000};

/// How many may be about to do so at the same time, per port. One more sends the oldest
/// of them away, so that nobody keeps others out by waiting.
constexpr std::size_t strangers_max = 64;

/// Reads a run's secret; zeros where a cluster has none. Throws `core::error` unless it
/// is there and whole.
secret_token read_secret(const credentials& mine);

struct tls_end {
  void operator()(SSL* tls) const {
    SSL_free(tls);
  }
};

/// One end of a TLS connection.
using tls_pointer = std::unique_ptr<SSL, tls_end>;

/// What the two ends of a connection encrypt with after the handshake; OpenSSL tells it
/// before the handshake is over.
struct traffic_secrets {
  std::optional<traffic_secret> of_client;
  std::optional<traffic_secret> of_server;
};

/// What all connections of one kind need for mutual TLS (1.3 and nothing older): each
/// end shows its certificate, and accepts the other's only if the authority has signed
/// it, it is valid now, of an accepted role and, where addresses are checked, of the
/// address at the other end of the socket. All of it happens inside the handshake,
/// alike on both ends.
class tls_context {
public:
  /// Throws `core::error`, also where `check_credentials` would.
  tls_context(const credentials& mine, conversation about);

  /// Makes an end for a connected socket; the socket stays the caller's, and the BIOs
  /// are the caller's to make. Who wants to make and read the records itself (class
  /// record_writer) gives room for the secrets, which must outlive the handshake.
  tls_pointer begin(int socket, traffic_secrets* secrets = nullptr) const;

private:
  struct context_end {
    void operator()(SSL_CTX* context) const {
      SSL_CTX_free(context);
    }
  };

  std::unique_ptr<SSL_CTX, context_end> context_;
  bool addresses_are_checked_;
};

/// Says why a handshake failed, from this end's view; begins with a lower-case letter.
/// Takes what OpenSSL has noted.
std::string why_refused(const SSL* tls);

/// Says the same of an alert that came after it.
std::string words_of_alert(std::uint8_t number);

/// The numeric address at the other end of a socket; empty if it is gone. IPv4 inside
/// IPv6 is IPv4.
std::string peer_address(int socket);

} // namespace souk::actors::bulk
