#pragma once

#include "core/span.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace souk::actors::bulk {

/// AES-128-GCM (NIST SP 800-38D) with one key, either to encrypt or to decrypt. IVs
/// have 96 bits and tags 128: TLS 1.3 knows no others. Keys are wiped from memory at
/// the end. One thread at a time.
class aes_gcm {
public:
  static constexpr std::size_t key_bytes = 16;
  static constexpr std::size_t iv_bytes = 12;
  static constexpr std::size_t tag_bytes = 16;

  using key = std::array<std::uint8_t, key_bytes>;
  using iv = std::array<std::uint8_t, iv_bytes>;

  enum class way : std::uint8_t { encrypt, decrypt };

  virtual ~aes_gcm() = default;

  /// Begins a message; the header is only authenticated. No IV may serve two messages
  /// of one key that are encrypted.
  virtual void begin(const iv& chosen, core::span<const std::uint8_t> header) = 0;

  /// Encrypts or decrypts what comes next, in place or into other memory. What is
  /// decrypted is not to be trusted until `finish` agrees.
  virtual void
  process(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) = 0;

  /// Ends the message: writes its tag [tag_bytes], or says whether this is its tag; how
  /// long that takes does not depend on the tag. Also false where OpenSSL failed.
  virtual bool finish(std::uint8_t* tag) = 0;
};

/// Whose code encrypts.
enum class aes_source : std::uint8_t {
  openssl,    ///< OpenSSL's, as it is configured
  vectorised, ///< the processor's VAES by Intel's ipsec-mb
};

/// The faster of those that may be used here. VAES is not used where souk was built
/// without ipsec-mb, the processor has none, OpenSSL is configured for FIPS or to take
/// AES from another provider than its default, or its results are not OpenSSL's, which
/// is tested once per process and warned of.
///
/// OpenSSL 3.0 itself uses AES-NI, which encrypts records of 16 kB at 5.7 GB/s where
/// VAES makes 23 (a core of a Zen 5), and AES is much of what TLS between two hosts
/// costs.
aes_source fastest_aes();

/// Throws `std::bad_alloc`; `core::error` where OpenSSL is configured to have no AES.
std::unique_ptr<aes_gcm>
make_aes_gcm(const aes_gcm::key& secret, aes_gcm::way chosen, aes_source source);

} // namespace souk::actors::bulk
