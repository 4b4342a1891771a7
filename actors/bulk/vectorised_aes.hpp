#pragma once

#include "actors/bulk/aes_gcm.hpp"

namespace souk::actors::bulk {

/// Whether souk was built with ipsec-mb, the processor has what makes it faster than
/// OpenSSL (AVX-512 with VAES and VPCLMULQDQ), and the ipsec-mb found is the version
/// that souk was built with and passes its own tests.
bool has_vectorised_aes();

/// Only where `has_vectorised_aes`.
std::unique_ptr<aes_gcm> make_vectorised_aes(const aes_gcm::key& secret,
                                             aes_gcm::way chosen);

} // namespace souk::actors::bulk
