#pragma once

#include <openssl/types.h>

namespace souk::actors::bulk {

/// Where OpenSSL looks for what encrypts: for SSL_CTX_new_ex and EVP_CIPHER_fetch.
/// Nulls mean as always.
struct cipher_source {
  OSSL_LIB_CTX* library = nullptr;
  const char* properties = nullptr;
};

/// Returns where OpenSSL finds an AES-128-GCM that uses the processor's VAES, and
/// everything else as it is. Nulls where there is none: souk was built without ipsec-mb
/// (`aes_gcm`), the processor has no VAES, OpenSSL is configured for FIPS or to
/// take AES from another provider than its default, or the
/// results are not OpenSSL's, which is tested once per process and warned of.
///
/// OpenSSL 3.0 itself uses AES-NI, which encrypts records of 16 kB at 5.7 GB/s where
/// this makes 23 (a core of a Zen 5), and AES is what TLS between two hosts takes
/// longest for. The rest of TLS stays OpenSSL's: handshake, certificates, keys, numbers
/// of records. Nobody else in the process notices: the library context is one of its
/// own.
cipher_source vectorised_aes();

} // namespace souk::actors::bulk
