#include "actors/bulk/security.hpp"
#include "tests/actors/bulk/gcm_context.hpp"
#include "tests/support/cluster_certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/ssl.h>

#include <string>

using namespace souk;
using namespace souk::tests;

namespace {

/// Two ends of TLS that speak to each other in memory.
struct tls_pair {
  tls_pair(const bulk::tls_context& client, const bulk::tls_context& server)
    : client_end{client.begin(-1)}, server_end{server.begin(-1)} {
    BIO* one = nullptr;
    BIO* other = nullptr;
    BIO_new_bio_pair(&one, 100'000, &other, 100'000);
    SSL_set_bio(client_end.get(), one, one);
    SSL_set_bio(server_end.get(), other, other);
    SSL_set_connect_state(client_end.get());
    SSL_set_accept_state(server_end.get());
  }

  bool shake_hands() {
    for (auto turn = 0; turn < 10; ++turn) {
      const auto first = SSL_do_handshake(client_end.get());
      const auto second = SSL_do_handshake(server_end.get());
      if (first == 1 && second == 1)
        return true;
    }
    return false;
  }

  /// Whether a message arrives as it was.
  static bool passes(SSL* from, SSL* to, const octets& text) {
    octets came(text.size());
    std::size_t count = 0;
    std::size_t all = 0;
    if (SSL_write_ex(from, text.data(), text.size(), &count) != 1)
      return false;
    while (all < came.size()
           && SSL_read_ex(to, came.data() + all, came.size() - all, &count) == 1)
      all += count;
    return all == text.size() && came == text;
  }

  bulk::tls_pointer client_end;
  bulk::tls_pointer server_end;
};

} // namespace

SCENARIO("TLS with the vectorised AES speaks to TLS without", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  const cluster_certificates certificates;
  auto mine = certificates.first();
  auto others = certificates.second();
  mine.addresses_are_checked = others.addresses_are_checked = false; // no sockets
  const auto here = GENERATE(bulk::vectorised_aes(), bulk::cipher_source{});
  const auto there = GENERATE(bulk::vectorised_aes(), bulk::cipher_source{});
  const bulk::tls_context client{mine, bulk::conversation::bulk, here};
  const bulk::tls_context server{others, bulk::conversation::bulk, there};
  tls_pair pair{client, server};
  REQUIRE(pair.shake_hands());
  CHECK(SSL_get_cipher_name(pair.client_end.get())
        == std::string{"TLS_AES_128_GCM_SHA256"});
  draws from{7};
  for (auto size : {1U, 100U, 16'384U, 50'000U}) {
    CHECK(
      tls_pair::passes(pair.client_end.get(), pair.server_end.get(), from.some(size)));
    CHECK(
      tls_pair::passes(pair.server_end.get(), pair.client_end.get(), from.some(size)));
  }
  // Both ends take new keys on the way.
  REQUIRE(SSL_key_update(pair.client_end.get(), SSL_KEY_UPDATE_REQUESTED) == 1);
  CHECK(
    tls_pair::passes(pair.client_end.get(), pair.server_end.get(), from.some(20'000)));
  CHECK(
    tls_pair::passes(pair.server_end.get(), pair.client_end.get(), from.some(20'000)));
}
