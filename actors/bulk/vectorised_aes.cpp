#include "actors/bulk/vectorised_aes.hpp"

#include "actors/bulk/aes_gcm.hpp"
#include "actors/bulk/aes_provider.hpp"
#include "core/log.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace souk::actors::bulk {

namespace {

struct freeing {
  void operator()(EVP_CIPHER* cipher) const {
    EVP_CIPHER_free(cipher);
  }

  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};

using cipher_pointer = std::unique_ptr<EVP_CIPHER, freeing>;
using context_pointer = std::unique_ptr<EVP_CIPHER_CTX, freeing>;
using bytes = std::vector<std::uint8_t>;

/// Bytes that are not all alike; the key and the IV are some of them.
bytes pattern(std::size_t count) {
  bytes made(count);
  for (std::size_t i = 0; i < count; ++i)
    made[i] = static_cast<std::uint8_t>(i * 167 + i / 251);
  return made;
}

/// Begins a message of a header like TLS's.
context_pointer begin(const EVP_CIPHER* cipher, bool encrypts) {
  context_pointer made{EVP_CIPHER_CTX_new()};
  const auto known = pattern(aes_gcm::key_bytes + aes_gcm::iv_bytes + 5);
  const auto* iv = known.data() + aes_gcm::key_bytes;
  auto count = 0;
  const auto worked =
    made
    && EVP_CipherInit_ex2(made.get(), cipher, known.data(), iv, encrypts ? 1 : 0,
                          nullptr)
         == 1
    && EVP_CipherUpdate(made.get(), nullptr, &count, iv + aes_gcm::iv_bytes, 5) == 1;
  return worked ? std::move(made) : nullptr;
}

/// The ciphertext of a message and its tag; empty if it does not work.
bytes encrypt(const EVP_CIPHER* cipher, const bytes& message) {
  const auto context = begin(cipher, true);
  bytes made(message.size() + aes_gcm::tag_bytes);
  const auto size = static_cast<int>(message.size());
  auto count = 0;
  const auto worked =
    context
    && EVP_CipherUpdate(context.get(), made.data(), &count, message.data(), size) == 1
    && EVP_CipherFinal_ex(context.get(), made.data() + size, &count) == 1
    && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, aes_gcm::tag_bytes,
                           made.data() + size)
         == 1;
  return worked ? made : bytes{};
}

/// The message that `encrypt` made this of, decrypted in place; none if the tag is
/// wrong.
std::optional<bytes> decrypt(const EVP_CIPHER* cipher, bytes made) {
  const auto context = begin(cipher, false);
  const auto size = static_cast<int>(made.size() - aes_gcm::tag_bytes);
  auto count = 0;
  const auto worked =
    context
    && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, aes_gcm::tag_bytes,
                           made.data() + size)
         == 1
    && EVP_CipherUpdate(context.get(), made.data(), &count, made.data(), size) == 1
    && EVP_CipherFinal_ex(context.get(), made.data() + size, &count) == 1;
  if (!worked)
    return std::nullopt;
  made.resize(static_cast<std::size_t>(size));
  return made;
}

/// Whether ours makes the same bytes as OpenSSL's, and reads them.
bool agrees_with_openssl(OSSL_LIB_CTX* library) {
  const auto fetch = [library](const char* properties) {
    return cipher_pointer{EVP_CIPHER_fetch(library, "AES-128-GCM", properties)};
  };
  const auto ours = fetch("provider=souk");
  const auto theirs = fetch("provider!=souk");
  if (!ours || !theirs)
    return false;
  // Around the block of AES, the largest record of TLS, and something in between.
  for (const auto size : {0U, 1U, 15U, 16U, 17U, 5000U, 16'385U}) {
    const auto message = pattern(size);
    auto made = encrypt(theirs.get(), message);
    if (made.empty() || encrypt(ours.get(), message) != made
        || decrypt(ours.get(), made) != message)
      return false;
    made.back() ^= 1U;
    if (decrypt(ours.get(), made))
      return false;
  }
  return true;
}

/// A library context in which OpenSSL has what it always has, and ours.
OSSL_LIB_CTX* make_library() {
  auto* made = OSSL_LIB_CTX_new();
  if (made != nullptr
      && OSSL_PROVIDER_add_builtin(made, "souk", begin_aes_provider) == 1
      && OSSL_PROVIDER_try_load(made, "souk", /*retain_fallbacks=*/1) != nullptr
      && agrees_with_openssl(made))
    return made;
  OSSL_LIB_CTX_free(made);
  return nullptr;
}

/// Whether OpenSSL, as it is configured here, takes AES from its default provider: who
/// has it use approved modules only gets nothing else.
bool default_is_allowed() {
  const cipher_pointer usual{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)};
  if (!usual || EVP_default_properties_is_fips_enabled(nullptr) == 1)
    return false;
  const auto* from = OSSL_PROVIDER_get0_name(EVP_CIPHER_get0_provider(usual.get()));
  return from != nullptr && std::string_view{from} == "default";
}

cipher_source install() {
  if (!aes_gcm::is_supported())
    return {};
  ERR_set_mark();
  const auto is_allowed = default_is_allowed();
  auto* library = is_allowed ? make_library() : nullptr;
  ERR_pop_to_mark();
  if (library != nullptr)
    return {library, "?provider=souk"};
  if (is_allowed)
    core::log::warning(
      "the processor's VAES is not used for TLS: OpenSSL does not take "
      "it, or it computes something else");
  return {};
}

} // namespace

cipher_source vectorised_aes() {
  // Never freed: connections may outlive any other static object.
  static const auto source = install();
  return source;
}

} // namespace souk::actors::bulk
