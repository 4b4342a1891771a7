#include "actors/bulk/certificates.hpp"

#include "core/error.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

namespace souk::actors::bulk {

namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using stream_pointer = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

constexpr long lifetime_seconds = 30L * 24 * 3600;

certificate_pointer sign_itself(EVP_PKEY* key) {
  certificate_pointer certificate{X509_new(), &X509_free};
  auto* x509 = certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -300);
  X509_gmtime_adj(X509_getm_notAfter(x509), lifetime_seconds);
  X509_set_pubkey(x509, key);
  auto* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("souk run"), -1, -1,
                             0);
  X509_set_issuer_name(x509, name);
  core::expects(X509_sign(x509, key, EVP_sha256()) > 0, "OpenSSL signs a certificate");
  return certificate;
}

stream_pointer open_for_writing(const std::string& path) {
  stream_pointer file{BIO_new_file(path.c_str(), "w"), &BIO_free_all};
  if (!file)
    throw core::error{"cannot write the file", path, "check the folder's permissions"};
  return file;
}

void write_secret(const std::string& path) {
  std::array<unsigned char, 32> secret{};
  core::expects(RAND_bytes(secret.data(), secret.size()) == 1,
                "OpenSSL draws random bytes");
  const auto file = open_for_writing(path);
  namespace fs = std::filesystem;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  BIO_write(file.get(), secret.data(), secret.size());
}

} // namespace

certificate_files certificates_in(const std::string& folder) {
  return {folder + "/certificate.pem", folder + "/key.pem", folder + "/secret"};
}

certificate_files make_certificates(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw core::error{"cannot make the folder (" + failed.message() + ")", folder,
                      "check its parent's permissions"};
  fs::permissions(folder, fs::perms::owner_all);
  const key_pointer key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  core::expects(key != nullptr, "OpenSSL makes a P-256 key");
  const auto certificate = sign_itself(key.get());
  const auto files = certificates_in(folder);
  PEM_write_bio_PrivateKey(open_for_writing(files.key).get(), key.get(), nullptr,
                           nullptr, 0, nullptr, nullptr);
  fs::permissions(files.key, fs::perms::owner_read | fs::perms::owner_write);
  PEM_write_bio_X509(open_for_writing(files.certificate).get(), certificate.get());
  write_secret(files.secret);
  check_certificates(files);
  return files;
}

void check_certificates(const certificate_files& files) {
  for (const auto& path : {files.certificate, files.key, files.secret})
    if (std::ifstream file{path}; !file || file.peek() == EOF)
      throw core::error{"cannot read the file", path, "check that it exists"};
}

} // namespace souk::actors::bulk
