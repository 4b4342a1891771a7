#pragma once

#include "actors/bulk/aes_gcm.hpp"
#include "actors/bulk/payload.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors::bulk {

/// The records of TLS 1.3 (RFC 8446, section 5) after the handshake, which is
/// OpenSSL's. What goes over the wire is what OpenSSL would send as souk sets it up
/// (without tickets), and it could be the other end. OpenSSL copies what it encrypts
/// and what it has decrypted, once each; here tensors are encrypted from where they
/// lie, and decrypted to where they shall lie. The cipher suite is
/// TLS_AES_128_GCM_SHA256.

/// Bytes of content that one record may have.
constexpr std::size_t record_content_max = 16'384;

/// What a record has besides: a header, a type, a tag.
constexpr std::size_t record_header_bytes = 5;
constexpr std::size_t record_overhead = record_header_bytes + 1 + aes_gcm::tag_bytes;

/// After so many records a key is not to be used any more (RFC 8446, section 5.5, has
/// 24 million).
constexpr std::uint64_t records_per_key_max = std::uint64_t{1} << 24U;

/// New keys before so many records have come are refused: they only keep a processor
/// busy.
constexpr std::uint64_t records_per_key_min = 8;

/// So are more records in a row without content.
constexpr std::uint32_t empty_records_max = 32;

/// Bytes that are wiped from memory at the end.
template <std::size_t size>
struct secret_bytes {
  std::array<std::uint8_t, size> bytes{};

  secret_bytes() = default;
  secret_bytes(const secret_bytes&) = default;
  secret_bytes& operator=(const secret_bytes&) = default;

  ~secret_bytes() {
    OPENSSL_cleanse(bytes.data(), size);
  }
};

/// What both ends know of one direction after a handshake.
using traffic_secret = secret_bytes<32>;

/// Keys of one direction, and the number of the next record. Throws `core::error` where
/// OpenSSL fails.
class record_keys {
public:
  record_keys(const traffic_secret& secret, aes_gcm::way chosen, aes_source source);

  /// Begins the next record; its content, type and tag go through `cipher`.
  void begin(core::span<const std::uint8_t> header);

  aes_gcm& cipher() {
    return *cipher_;
  }

  /// Records since the keys were new.
  std::uint64_t records() const {
    return records_;
  }

  /// Takes new keys, as both ends know them (RFC 8446, section 7.2).
  void renew();

private:
  void take(const traffic_secret& secret);

  traffic_secret secret_;
  aes_gcm::way way_;
  aes_source source_;
  std::unique_ptr<aes_gcm> cipher_;
  secret_bytes<aes_gcm::iv_bytes> iv_;
  std::uint64_t records_ = 0;
};

/// Makes the records of one direction.
class record_writer {
public:
  explicit record_writer(const traffic_secret& secret,
                         aes_source source = fastest_aes(),
                         std::uint64_t records_per_key = records_per_key_max);

  /// Writes a record of these pieces [at most record_content_max bytes together] to
  /// `to`, which has room for `record_overhead` more; returns how long it is. Throws
  /// `core::error` where OpenSSL fails.
  std::size_t write(const std::vector<encoding::piece>& content, std::uint8_t* to);

  /// Whether the keys have served their time.
  bool is_worn() const {
    return keys_.records() >= records_per_key_;
  }

  /// Writes a record that says that new keys follow, `key_update_bytes` long, and takes
  /// them.
  std::size_t renew(std::uint8_t* to);

  static constexpr std::size_t key_update_bytes = 5 + record_overhead;

private:
  std::size_t write_as(std::uint8_t type,
                       const std::vector<encoding::piece>& content,
                       std::uint8_t* to);

  record_keys keys_;
  std::uint64_t records_per_key_;
};

/// Reads the records of one direction out of bytes as they come.
class record_reader {
public:
  /// Begins with bytes that came already.
  record_reader(const traffic_secret& secret,
                core::span<const std::uint8_t> arrived,
                aes_source source = fastest_aes());

  /// Where to receive what comes next; never empty after `read` has read all it could.
  core::span<std::uint8_t> room();

  /// So many bytes came there.
  void note_arrival(std::size_t bytes);

  /// Moves content to `into`; returns how much. Less than `into` takes means that a
  /// record is not whole yet, or that there is no more (`has_ended`). What lies in
  /// `into` behind the content is undefined.
  std::size_t read(core::span<std::uint8_t> into);

  /// Whether the other end has closed the connection, or sent something that is no
  /// record.
  bool has_ended() const {
    return has_ended_;
  }

  /// Why it ended, in words; empty if the other end closed it as one does.
  const std::string& refusal() const {
    return refusal_;
  }

private:
  core::span<const std::uint8_t> next_record();
  std::size_t open(core::span<const std::uint8_t> record,
                   core::span<std::uint8_t> into);
  void take(std::uint8_t type, core::span<const std::uint8_t> content);
  void refuse(std::string why);

  record_keys keys_;
  /// Not cleared, so that a connection takes only the memory that it uses.
  std::unique_ptr<std::uint8_t[]> received_;
  std::size_t received_max_;
  std::size_t begin_ = 0; ///< of what was received and not yet read
  std::size_t end_ = 0;
  /// A record's content that did not fit where it was wanted.
  std::unique_ptr<std::uint8_t[]> opened_;
  std::size_t opened_begin_ = 0;
  std::size_t opened_end_ = 0;
  std::uint32_t empty_records_ = 0; ///< in a row
  bool has_ended_ = false;
  std::string refusal_;
};

} // namespace souk::actors::bulk
