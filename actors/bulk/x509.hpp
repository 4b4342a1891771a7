#pragma once

#include "actors/bulk/credentials.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

/// Keys and certificates in memory and in PEM files. All throw `core::error` where a
/// file cannot be read, written or understood.
namespace souk::actors::bulk {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<&X509_free>>;

/// What a new certificate shall say.
struct certificate_request {
  std::string name; ///< common name
  role_set roles;
  std::vector<std::string> addresses; ///< numeric
  bool is_authority = false;
  long days = 0;
};

/// Makes a key on the curve P-256.
key_pointer make_key();

/// Makes a certificate for `key`, signed with the issuer's. Without an issuer it signs
/// itself. Valid from five minutes ago, for clocks that differ.
certificate_pointer make_certificate(const certificate_request& wish,
                                     EVP_PKEY* key,
                                     X509* issuer,
                                     EVP_PKEY* issuer_key);

key_pointer read_key(const std::string& path);
certificate_pointer read_certificate(const std::string& path);

/// The file must not exist. A key's is readable by its owner only.
void write_key(const std::string& path, EVP_PKEY* key);
void write_certificate(const std::string& path, X509* certificate);
void write_private(const std::string& path, const std::string& bytes);

/// Makes a folder that only its owner can enter; it must not exist, its parent must.
void make_private_folder(const std::string& path);

/// What certificates carry.
role_set roles_of(const X509* certificate);
std::vector<std::string> addresses_of(const X509* certificate);

/// "2027-11-25 16:00 UTC".
std::string end_of(const X509* certificate);
bool has_ended(const X509* certificate);
bool has_begun(const X509* certificate);

} // namespace souk::actors::bulk
