#include "actors/bulk/x509.hpp"

#include "core/error.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace souk::actors::bulk {

namespace {

using bytes_pointer = std::unique_ptr<BIO, freed_by<&BIO_free_all>>;
using number_pointer = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;
using extension_pointer =
  std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>>;
using names_pointer = std::unique_ptr<GENERAL_NAMES, freed_by<&GENERAL_NAMES_free>>;

constexpr long seconds_per_day = 24L * 3600;
constexpr long clocks_differ_seconds = 300;
constexpr int version_3 = 2;
constexpr const char* role_prefix = "souk:role:";

void check(bool worked) {
  core::expects(worked, "OpenSSL makes keys and certificates");
}

void set_serial(X509* certificate) {
  std::array<unsigned char, 16> random{};
  check(RAND_bytes(random.data(), random.size()) == 1);
  random[0] &= 0x7FU; // serials are positive
  const number_pointer number{BN_bin2bn(random.data(), random.size(), nullptr)};
  check(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate))
        != nullptr);
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_pointer extension{
    X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str())};
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string alternative_names(const certificate_request& wish) {
  std::string names;
  const auto add = [&](const std::string& name) {
    names += (names.empty() ? "" : ",") + name;
  };
  for (const auto what : {role::coordinator, role::node})
    if (wish.roles.has(what))
      add(std::string{"URI:"} + role_prefix + to_string(what));
  for (const auto& address : wish.addresses)
    add("IP:" + address);
  return names;
}

void add_extensions(X509* certificate, X509* issuer, const certificate_request& wish) {
  extend(certificate, issuer, NID_subject_key_identifier, "hash");
  // Authorities share a name: certificates say by its key which one is theirs.
  if (issuer != certificate)
    extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  if (wish.is_authority) {
    extend(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(certificate, issuer, NID_key_usage, "critical,keyCertSign");
    return;
  }
  extend(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  extend(certificate, issuer, NID_ext_key_usage, "clientAuth,serverAuth");
  extend(certificate, issuer, NID_subject_alt_name, alternative_names(wish));
}

bytes_pointer open_for_reading(const std::string& path) {
  ERR_clear_error();
  bytes_pointer file{BIO_new_file(path.c_str(), "r")};
  if (!file)
    throw core::error{"cannot read the file", path, "check that it exists"};
  return file;
}

void write_new(const std::string& path, const std::string& bytes, mode_t mode) {
  const auto file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const auto written = file < 0 ? -1 : ::write(file, bytes.data(), bytes.size());
  const auto wrong = errno;
  if (file >= 0)
    ::close(file);
  if (written != static_cast<ssize_t>(bytes.size()))
    throw core::error{std::string{"cannot write the file ("} + std::strerror(wrong)
                        + ')',
                      path, "check the folder's permissions and space"};
}

std::string taken_from(BIO* memory) {
  char* start = nullptr;
  const auto size = BIO_get_mem_data(memory, &start);
  return {start, static_cast<std::size_t>(size)};
}

names_pointer alternative_names_of(const X509* certificate) {
  return names_pointer{static_cast<GENERAL_NAMES*>(
    X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

} // namespace

key_pointer make_key() {
  key_pointer key{EVP_EC_gen("P-256")};
  check(key != nullptr);
  return key;
}

certificate_pointer make_certificate(const certificate_request& wish,
                                     EVP_PKEY* key,
                                     X509* issuer,
                                     EVP_PKEY* issuer_key) {
  certificate_pointer made{X509_new()};
  auto* certificate = made.get();
  X509_set_version(certificate, version_3);
  set_serial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -clocks_differ_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.days * seconds_per_day);
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  check(
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.name.data()),
                               static_cast<int>(wish.name.size()), -1, 0)
    == 1);
  auto* signer = issuer != nullptr ? issuer : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  add_extensions(certificate, signer, wish);
  check(X509_sign(certificate, issuer != nullptr ? issuer_key : key, EVP_sha256()) > 0);
  return made;
}

key_pointer read_key(const std::string& path) {
  const auto file = open_for_reading(path);
  // Nobody is there to be asked for a password.
  const auto no_password = [](char*, int, int, void*) {
    return -1;
  };
  key_pointer key{PEM_read_bio_PrivateKey(file.get(), nullptr, no_password, nullptr)};
  if (!key)
    throw core::error{"is no private key in PEM without a password", path,
                      "make the certificates anew: souk certificates"};
  return key;
}

certificate_pointer read_certificate(const std::string& path) {
  const auto file = open_for_reading(path);
  certificate_pointer certificate{
    PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)};
  if (!certificate)
    throw core::error{"is no certificate in PEM", path,
                      "make the certificates anew: souk certificates"};
  return certificate;
}

void write_key(const std::string& path, EVP_PKEY* key) {
  const bytes_pointer memory{BIO_new(BIO_s_mem())};
  check(
    PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
    == 1);
  write_private(path, taken_from(memory.get()));
}

void write_certificate(const std::string& path, X509* certificate) {
  const bytes_pointer memory{BIO_new(BIO_s_mem())};
  check(PEM_write_bio_X509(memory.get(), certificate) == 1);
  write_new(path, taken_from(memory.get()), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

void write_private(const std::string& path, const std::string& bytes) {
  write_new(path, bytes, S_IRUSR | S_IWUSR);
}

void make_private_folder(const std::string& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0)
    throw core::error{std::string{"cannot make the folder ("} + std::strerror(errno)
                        + ')',
                      path, "check its parent's permissions"};
}

role_set roles_of(const X509* certificate) {
  role_set roles;
  const auto names = alternative_names_of(certificate);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI)
      continue;
    const auto text = text_of(name->d.uniformResourceIdentifier);
    for (const auto what : {role::coordinator, role::node})
      if (text == role_prefix + to_string(what))
        (what == role::coordinator ? roles.coordinator : roles.node) = true;
  }
  return roles;
}

std::vector<std::string> addresses_of(const X509* certificate) {
  std::vector<std::string> addresses;
  const auto names = alternative_names_of(certificate);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_IPADD)
      continue;
    const auto bytes = text_of(name->d.iPAddress);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(bytes.size() == sizeof(in_addr) ? AF_INET : AF_INET6, bytes.data(),
                  text.data(), text.size())
        != nullptr)
      addresses.emplace_back(text.data());
  }
  return addresses;
}

std::string end_of(const X509* certificate) {
  std::tm end{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &end);
  return text.data();
}

bool has_ended(const X509* certificate) {
  return X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

bool has_begun(const X509* certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0;
}

} // namespace souk::actors::bulk
