#pragma once

#include "actors/bulk/aes_gcm.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace souk::tests {

namespace bulk = souk::actors::bulk;

/// Whose AES there is to test; says so if one is missing.
inline std::vector<bulk::aes_source> aes_sources() {
  if (bulk::fastest_aes() == bulk::aes_source::vectorised)
    return {bulk::aes_source::openssl, bulk::aes_source::vectorised};
  WARN("skipped for VAES: this processor has none, souk was built without ipsec-mb, or "
       "OpenSSL is configured for other providers");
  return {bulk::aes_source::openssl};
}

} // namespace souk::tests
