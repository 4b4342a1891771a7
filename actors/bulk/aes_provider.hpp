#pragma once

#include <openssl/core.h>

namespace souk::actors::bulk {

/// Makes `aes_gcm` an OpenSSL 3 provider of one algorithm, AES-128-GCM with the
/// property "provider=souk", after provider-cipher(7): what OSSL_PROVIDER_add_builtin
/// takes. Only where `aes_gcm::is_supported`.
///
/// It fails where OpenSSL's own does, and besides for tags shorter than 16 bytes, IVs
/// of other than 12, more than `aes_gcm::header_bytes_max` of associated data, messages
/// without an IV (OpenSSL's would draw one), and TLS 1.2's way to use GCM.
int begin_aes_provider(const OSSL_CORE_HANDLE* handle,
                       const OSSL_DISPATCH* core,
                       const OSSL_DISPATCH** offered,
                       void** context);

} // namespace souk::actors::bulk
