#include "actors/bulk/aes_gcm.hpp"

#include "actors/bulk/vectorised_aes.hpp"

#include <catch2/catch.hpp>
#include <cpuid.h>
#include <openssl/evp.h>

namespace bulk = souk::actors::bulk;

// All that is tested of it through OpenSSL would be left out if OpenSSL did not take
// it. A test of its own has OpenSSL without AES (base_provider.cnf).
SCENARIO("OpenSSL takes the vectorised AES wherever its configuration has AES",
         "[actors][bulk][aes][aes_configuration]") {
  if (EVP_default_properties_is_fips_enabled(nullptr) == 1) {
    WARN("skipped: OpenSSL is configured for FIPS");
    return;
  }
  auto* usual = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  const auto wanted = bulk::aes_gcm::is_supported() && usual != nullptr;
  EVP_CIPHER_free(usual);
  CHECK((bulk::vectorised_aes().library != nullptr) == wanted);
}

SCENARIO("ipsec-mb is used wherever the processor has VAES", "[actors][bulk][aes]") {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
  // GCC asks the system, too, whether AVX-512 may be used. It cannot ask for all of it.
  const auto has_avx512 = __builtin_cpu_supports("avx512bw") != 0
                          && __builtin_cpu_supports("avx512vl") != 0
                          && __builtin_cpu_supports("avx512ifma") != 0;
  const auto has_sha = (ebx >> 29U & 1U) == 1;
  const auto has_gfni_vaes_vpclmulqdq = (ecx >> 8U & 7U) == 7;
  CHECK(bulk::aes_gcm::is_supported()
        == (has_avx512 && has_sha && has_gfni_vaes_vpclmulqdq));
}
