#pragma once

#include <intel-ipsec-mb.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace souk::actors::bulk {

/// AES-128-GCM (NIST SP 800-38D) by Intel's ipsec-mb, which uses the processor's VAES
/// and VPCLMULQDQ. IVs have 96 bits and tags 128: TLS 1.3 knows no others.
///
/// A message begins with an IV and goes on with what is only authenticated, what is
/// also encrypted, and the end, each of the middle two in as many pieces as one likes,
/// or none. Whatever is out of turn returns false, and then nothing works until the
/// next IV: no IV serves two messages of one context. Keys are wiped from memory at the
/// end. One thread at a time.
class aes_gcm {
public:
  static constexpr std::size_t key_bytes = 16;
  static constexpr std::size_t iv_bytes = 12;
  static constexpr std::size_t tag_bytes = 16;

  /// Most that may be only authenticated per message, since ipsec-mb wants it in one
  /// piece. TLS has 5 bytes.
  static constexpr std::size_t header_bytes_max = 256;

  enum class way : std::uint8_t { encrypt, decrypt };

  /// Whether the processor has what makes this faster than OpenSSL, and ipsec-mb is the
  /// one that souk was built with and passes its own tests.
  static bool is_supported();

  /// Only where `is_supported`.
  aes_gcm() = default;
  aes_gcm(const aes_gcm&) = default;
  aes_gcm& operator=(const aes_gcm&) = delete;
  ~aes_gcm();

  /// Gives up the message, if one is under way. The key stays, and so does an IV after
  /// which nothing has come.
  void restart(way chosen);

  /// Takes [key_bytes].
  void set_key(const std::uint8_t* key);

  /// Begins a message with [iv_bytes].
  void set_iv(const std::uint8_t* iv);

  /// Takes the tag [tag_bytes] of the message that is decrypted, any time before its
  /// end.
  void expect_tag(const std::uint8_t* tag);

  /// Adds bytes that are only authenticated.
  bool authenticate(const std::uint8_t* from, std::size_t bytes);

  /// Encrypts or decrypts, in place or into other memory. What is decrypted is not to
  /// be trusted until `finish` agrees.
  bool process(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes);

  /// Ends the message. Decryption fails unless the tag is the message's; how long that
  /// takes does not depend on the tag.
  bool finish();

  /// The tag [tag_bytes] of the message that was encrypted last; null before its end.
  const std::uint8_t* tag() const;

  way direction() const {
    return way_;
  }

private:
  enum class phase : std::uint8_t { without_iv, with_iv, under_way };

  bool begin_data();
  bool give_up();

  // ipsec-mb's own code relies on the alignment, which its header forgets.
  alignas(64) gcm_key_data key_{};
  alignas(64) gcm_context_data message_{};
  std::array<std::uint8_t, iv_bytes> iv_{};
  std::array<std::uint8_t, tag_bytes> tag_{}; ///< made, or expected
  std::array<std::uint8_t, header_bytes_max> header_{};
  std::size_t header_bytes_ = 0;
  way way_ = way::encrypt;
  phase phase_ = phase::without_iv;
  bool has_key_ = false;
  bool has_tag_ = false;
};

} // namespace souk::actors::bulk
