#pragma once

#include "core/span.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace souk::core {

/// SHA-256 of whatever is fed to it, in order (FIPS 180-4, through OpenSSL).
///
/// Numbers are fed as little-endian bytes, strings with their length in front, so that
/// two different sequences never feed the same bytes.
class digest {
public:
  digest();
  ~digest();
  digest(digest&&) noexcept;
  digest& operator=(digest&&) noexcept;

  void feed_bytes(const void* bytes, std::size_t size);
  void feed(std::string_view text);
  void feed(std::uint64_t value);
  void feed(std::int64_t value);
  void feed(std::uint32_t value);
  void feed(double value);
  void feed(float value);

  /// Returns the digest as 64 hexadecimal digits; nothing may be fed afterwards.
  std::string finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Returns the SHA-256 of a string's bytes, as 64 hexadecimal digits.
std::string sha256_of(std::string_view bytes);

/// Returns the SHA-256 of a file. Throws `error` if it cannot be read.
std::string sha256_of_file(const std::string& path);

/// Returns HMAC-SHA-256 (RFC 2104) of `text` under `key`, as 64 hexadecimal digits.
std::string hmac_sha256(std::string_view key, std::string_view text);

} // namespace souk::core
