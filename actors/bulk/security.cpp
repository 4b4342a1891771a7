#include "actors/bulk/security.hpp"

#include "actors/bulk/x509.hpp"
#include "core/error.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <fstream>
#include <new>
#include <string_view>

namespace souk::actors::bulk {

namespace {

/// Bytes of certificates that OpenSSL may be sent before they are checked.
constexpr long certificates_bytes_max = 16'384;

/// The last step of verification: everything else was found good.
int check_role(int is_good, X509_STORE_CTX* verification) {
  if (is_good != 1 || X509_STORE_CTX_get_error_depth(verification) != 0)
    return is_good;
  const auto* tls = static_cast<const SSL*>(
    X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* accepted =
    static_cast<const role_set*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)));
  if (roles_of(X509_STORE_CTX_get_current_cert(verification)).meets(*accepted))
    return 1;
  X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

void check(bool worked, const std::string& file) {
  if (worked)
    return;
  const auto* reason = ERR_reason_error_string(ERR_get_error());
  throw core::error{std::string{"cannot be used for TLS: "}
                      + (reason != nullptr ? reason : "OpenSSL gives no reason"),
                    file, "make the certificates anew: souk certificates"};
}

void note_address(const sockaddr_storage& from, std::string& text) {
  std::array<char, INET6_ADDRSTRLEN> room{};
  const void* bytes = &reinterpret_cast<const sockaddr_in&>(from).sin_addr;
  auto family = AF_INET;
  if (from.ss_family == AF_INET6) {
    const auto& long_address = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&long_address)) {
      bytes = &long_address.s6_addr[12];
    } else {
      bytes = &long_address;
      family = AF_INET6;
    }
  } else if (from.ss_family != AF_INET) {
    return;
  }
  if (inet_ntop(family, bytes, room.data(), room.size()) != nullptr)
    text = room.data();
}

/// In words, if this end refused the other's certificate.
std::string verdict_on(const SSL* tls) {
  switch (const auto verdict = SSL_get_verify_result(tls)) {
  case X509_V_OK:
    return {};
  case X509_V_ERR_APPLICATION_VERIFICATION:
    return "its certificate is of another role";
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return "its certificate is not of its address";
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "its certificate has expired";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "its certificate is not valid yet";
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    return "its certificate is of another authority";
  default:
    return std::string{"its certificate is not accepted: "}
           + X509_verify_cert_error_string(verdict);
  }
}

/// In words, if the other end refused, or cannot speak.
std::string alert_of(unsigned long code) {
  if (ERR_GET_LIB(code) != ERR_LIB_SSL)
    return {};
  switch (ERR_GET_REASON(code)) {
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
  case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    return "it refuses our certificate, which is of another authority";
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    return "it refuses our certificate, which has expired";
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    return "it refuses our certificate, which is not of our address, or not valid yet "
           "by its clock";
  case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    return "it refuses our certificate, which is of another role";
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    return "it shows no certificate";
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_HTTP_REQUEST:
  case SSL_R_UNSUPPORTED_PROTOCOL:
    return "it does not speak TLS 1.3";
  default:
    return {};
  }
}

/// OpenSSL's only way to tell the secrets of a connection is a line in the format of
/// NSS's key log files: a name, the client's random bytes, the secret; in hexadecimal.
void keep_secret(const SSL* tls, const char* line) {
  auto* kept = static_cast<traffic_secrets*>(SSL_get_app_data(tls));
  if (kept == nullptr)
    return;
  const std::string_view words{line};
  const auto digits = words.substr(words.rfind(' ') + 1);
  const auto name = words.substr(0, words.find(' '));
  auto* to = name == "CLIENT_TRAFFIC_SECRET_0"   ? &kept->of_client
             : name == "SERVER_TRAFFIC_SECRET_0" ? &kept->of_server
                                                 : nullptr;
  traffic_secret secret;
  if (to == nullptr || digits.size() != 2 * secret.bytes.size())
    return;
  for (std::size_t i = 0; i < secret.bytes.size(); ++i) {
    const auto* byte = digits.data() + 2 * i;
    if (std::from_chars(byte, byte + 2, secret.bytes[i], 16).ptr != byte + 2)
      return;
  }
  *to = secret;
}

} // namespace

secret_token read_secret(const credentials& mine) {
  secret_token secret{};
  if (mine.secret.empty())
    return secret;
  std::ifstream file{mine.secret, std::ios::binary};
  file.read(reinterpret_cast<char*>(secret.data()),
            static_cast<std::streamsize>(secret.size()));
  if (!file || file.peek() != std::ifstream::traits_type::eof())
    throw core::error{"is not the secret of a run", mine.secret,
                      "check that all processes have the same folder"};
  return secret;
}

tls_context::tls_context(const credentials& mine, conversation about)
  : context_{SSL_CTX_new(TLS_method())}, addresses_are_checked_{
                                           mine.addresses_are_checked} {
  if (!context_)
    throw std::bad_alloc{};
  check_credentials(mine);
  ERR_clear_error();
  auto* context = context_.get();
  check(SSL_CTX_use_certificate_chain_file(context, mine.certificate.c_str()) == 1,
        mine.certificate);
  check(SSL_CTX_use_PrivateKey_file(context, mine.key.c_str(), SSL_FILETYPE_PEM) == 1,
        mine.key);
  check(SSL_CTX_load_verify_file(context, mine.authority.c_str()) == 1, mine.authority);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     check_role);
  // The sets live as long as the program.
  const auto* accepted = &accepted_roles(mine.own, about);
  SSL_CTX_set_app_data(context, const_cast<role_set*>(accepted));
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  // The fastest of TLS 1.3, and none of them is weak.
  if (SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1)
    throw core::error{"OpenSSL has no TLS_AES_128_GCM_SHA256",
                      "OpenSSL's configuration",
                      "TLS between processes needs it: allow it there"};
  // Connections are kept: tickets to resume them would only cost.
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, certificates_bytes_max);
  SSL_CTX_set_keylog_callback(context, keep_secret);
}

tls_pointer tls_context::begin(int socket, traffic_secrets* secrets) const {
  tls_pointer tls{SSL_new(context_.get())};
  if (!tls)
    throw std::bad_alloc{};
  SSL_set_app_data(tls.get(), secrets);
  if (!addresses_are_checked_)
    return tls;
  const auto address = peer_address(socket);
  // Whoever is gone by now has an address that no certificate is of.
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()),
                                address.empty() ? "0.0.0.0" : address.c_str());
  return tls;
}

std::string why_refused(const SSL* tls) {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (auto verdict = verdict_on(tls); !verdict.empty())
    return verdict;
  if (auto words = alert_of(code); !words.empty())
    return words;
  const auto* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason != nullptr ? reason : "it closed the connection";
}

std::string words_of_alert(std::uint8_t number) {
  // OpenSSL's reasons for alerts that came are their numbers and this.
  const auto code = ERR_PACK(ERR_LIB_SSL, 0, SSL_AD_REASON_OFFSET + number);
  if (auto words = alert_of(code); !words.empty())
    return words;
  const auto* reason = ERR_reason_error_string(code);
  return std::string{"it closed the connection: "}
         + (reason != nullptr ? reason : "OpenSSL knows no such alert");
}

std::string peer_address(int socket) {
  std::string text;
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&from), &size) == 0)
    note_address(from, text);
  return text;
}

} // namespace souk::actors::bulk
