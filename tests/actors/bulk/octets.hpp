#pragma once

#include "actors/bulk/aes_gcm.hpp"
#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace souk::tests {

namespace bulk = souk::actors::bulk;

using octets = std::vector<std::uint8_t>;

/// The draws of one test.
class draws {
public:
  explicit draws(std::uint64_t entity) {
    site_.purpose = core::stream::synthetic_data;
    site_.entity = entity;
  }

  std::size_t below(std::size_t bound) {
    return core::random_words(site_, next_++)[0] % bound;
  }

  octets some(std::size_t count) {
    octets made(count);
    for (auto& one : made)
      one = static_cast<std::uint8_t>(below(256));
    return made;
  }

private:
  core::draw_site site_;
  std::uint32_t next_ = 0;
};

/// Whose AES there is to test; says so if one is missing.
inline std::vector<bulk::aes_source> aes_sources() {
  if (bulk::fastest_aes() == bulk::aes_source::vectorised)
    return {bulk::aes_source::openssl, bulk::aes_source::vectorised};
  WARN("skipped for VAES: this processor has none, souk was built without ipsec-mb, or "
       "OpenSSL is configured for other providers");
  return {bulk::aes_source::openssl};
}

} // namespace souk::tests
