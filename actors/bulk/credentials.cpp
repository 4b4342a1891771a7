#include "actors/bulk/credentials.hpp"

#include "actors/bulk/x509.hpp"
#include "core/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>

namespace souk::actors::bulk {

namespace {

constexpr const char* anew = "make the certificates anew: souk certificates";

void check_is_there(const std::string& path) {
  if (std::ifstream file{path}; !file || file.peek() == EOF)
    throw core::error{"cannot read the file", path, "check that it exists"};
}

void check_is_private(const std::string& path) {
  struct stat found {};

  if (::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw core::error{"can be read or written by others", path, "chmod 600 " + path};
}

void check_is_signed(const credentials& mine, X509* certificate) {
  const auto authority = read_certificate(mine.authority);
  if (has_ended(authority.get()))
    throw core::error{"expired on " + end_of(authority.get()), mine.authority, anew};
  const std::unique_ptr<X509_STORE, freed_by<&X509_STORE_free>> store{X509_STORE_new()};
  const std::unique_ptr<X509_STORE_CTX, freed_by<&X509_STORE_CTX_free>> verification{
    X509_STORE_CTX_new()};
  X509_STORE_add_cert(store.get(), authority.get());
  X509_STORE_CTX_init(verification.get(), store.get(), certificate, nullptr);
  if (X509_verify_cert(verification.get()) != 1)
    throw core::error{
      "is not signed by " + mine.authority + " ("
        + X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification.get()))
        + ')',
      mine.certificate, anew};
}

void check_role(const credentials& mine, const X509* certificate) {
  const auto roles = roles_of(certificate);
  if (roles.has(mine.own))
    return;
  const auto other = roles.node          ? "a node's"
                     : roles.coordinator ? "a coordinator's"
                                         : "";
  throw core::error{"is not a " + to_string(mine.own) + "'s certificate"
                      + (*other != '\0' ? std::string{", but "} + other : ""),
                    mine.certificate, "use the folder that was made for this host"};
}

void check_address(const credentials& mine, X509* certificate) {
  if (!mine.addresses_are_checked || mine.address.empty())
    return;
  if (X509_check_ip_asc(certificate, mine.address.c_str(), 0) == 1)
    return;
  std::string others;
  for (const auto& address : addresses_of(certificate))
    others += (others.empty() ? "" : ", ") + address;
  throw core::error{"is not of the address " + mine.address + ", but of "
                      + (others.empty() ? "none" : others),
                    mine.certificate,
                    "listen at an address of the certificate, or make one of this "
                    "address: souk certificates"};
}

} // namespace

std::string to_string(role what) {
  return what == role::coordinator ? "coordinator" : "node";
}

std::string to_string(conversation about) {
  return about == conversation::control ? "control" : "tensors";
}

const role_set& accepted_roles(role own, conversation about) {
  static constexpr role_set everybody{true, true};
  static constexpr role_set coordinators{true, false};
  static constexpr role_set nodes{false, true};
  if (about == conversation::bulk)
    return everybody;
  return own == role::node ? coordinators : nodes;
}

credentials credentials_of_run(const std::string& folder, role own) {
  const auto certificate = folder + "/certificate.pem";
  return {certificate, folder + "/key.pem", certificate, folder + "/secret", own, "",
          false};
}

credentials credentials_of_cluster(const std::string& folder,
                                   role own,
                                   const std::string& address) {
  return {folder + "/certificate.pem",
          folder + "/key.pem",
          folder + "/authority.pem",
          "",
          own,
          address,
          true};
}

void check_credentials(const credentials& mine) {
  for (const auto& path : {mine.certificate, mine.key, mine.authority, mine.secret})
    if (!path.empty())
      check_is_there(path);
  for (const auto& path : {mine.key, mine.secret})
    if (!path.empty())
      check_is_private(path);
  const auto certificate = read_certificate(mine.certificate);
  const auto key = read_key(mine.key);
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    throw core::error{"does not belong to the key " + mine.key, mine.certificate, anew};
  if (has_ended(certificate.get()))
    throw core::error{"expired on " + end_of(certificate.get()), mine.certificate,
                      anew};
  if (!has_begun(certificate.get()))
    throw core::error{"is not valid yet", mine.certificate,
                      "check the clocks of this host and of the certificate's maker"};
  check_is_signed(mine, certificate.get());
  check_role(mine, certificate.get());
  check_address(mine, certificate.get());
}

void check_listening(const credentials& mine, const std::string& host) {
  boost::system::error_code wrong;
  const auto address = boost::asio::ip::make_address(host, wrong);
  if (wrong)
    throw core::error{"is no numeric address", host, "write 10.0.0.7, or fd00::7"};
  if (!mine.addresses_are_checked && !address.is_loopback())
    throw core::error{"beyond the loopback interface nobody listens without the "
                      "certificates of a cluster",
                      host, "make some: souk certificates"};
  if (mine.addresses_are_checked && address.is_unspecified())
    throw core::error{"is every address, and certificates are of single ones", host,
                      "listen at an address of the certificate"};
  if (mine.addresses_are_checked)
    check_address(
      {mine.certificate, mine.key, mine.authority, "", mine.own, host, true},
      read_certificate(mine.certificate).get());
}

bool is_loopback(const std::string& host) {
  boost::system::error_code wrong;
  const auto address = boost::asio::ip::make_address(host, wrong);
  return !wrong && address.is_loopback();
}

} // namespace souk::actors::bulk
