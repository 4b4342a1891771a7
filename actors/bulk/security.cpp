#include "actors/bulk/security.hpp"

#include "core/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>

#include <fstream>

namespace souk::actors::bulk {

namespace ssl = boost::asio::ssl;

secret_token read_secret(const certificate_files& files) {
  secret_token secret{};
  std::ifstream file{files.secret, std::ios::binary};
  file.read(reinterpret_cast<char*>(secret.data()),
            static_cast<std::streamsize>(secret.size()));
  if (!file || file.peek() != std::ifstream::traits_type::eof())
    throw core::error{"is not the secret of a run", files.secret,
                      "check that all processes have the same folder"};
  return secret;
}

std::unique_ptr<ssl::context> make_tls_context(const certificate_files& files) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls);
  try {
    context->use_certificate_chain_file(files.certificate);
    context->use_private_key_file(files.key, ssl::context::pem);
    context->load_verify_file(files.certificate);
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  } catch (const boost::system::system_error& broken) {
    throw core::error{std::string{"cannot be used for TLS: "} + broken.what(),
                      files.certificate, "make the certificates anew"};
  }
  auto* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  // The fastest of TLS 1.3, and none of them is weak.
  SSL_CTX_set_ciphersuites(native, "TLS_AES_128_GCM_SHA256");
  // Connections are kept: tickets to resume them would only cost.
  SSL_CTX_set_num_tickets(native, 0);
  return context;
}

bool is_loopback(const std::string& host) {
  boost::system::error_code wrong;
  const auto address = boost::asio::ip::make_address(host, wrong);
  return !wrong && address.is_loopback();
}

} // namespace souk::actors::bulk
