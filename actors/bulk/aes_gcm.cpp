#include "actors/bulk/aes_gcm.hpp"

#include "actors/bulk/vectorised_aes.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <new>
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

class openssl_aes_gcm : public aes_gcm {
public:
  openssl_aes_gcm(const key& secret, way chosen)
    : cipher_{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)},
      context_{EVP_CIPHER_CTX_new()}, way_{chosen} {
    if (!context_)
      throw std::bad_alloc{};
    if (!cipher_
        || EVP_CipherInit_ex2(context_.get(), cipher_.get(), secret.data(), nullptr,
                              chosen == way::encrypt ? 1 : 0, nullptr)
             != 1)
      throw core::error{"OpenSSL has no AES-128-GCM", "OpenSSL's configuration",
                        "TLS between processes needs it: allow it there"};
  }

  void begin(const iv& chosen, core::span<const std::uint8_t> header) override {
    works_ =
      EVP_CipherInit_ex2(context_.get(), nullptr, nullptr, chosen.data(), -1, nullptr)
      == 1;
    update(nullptr, header.data(), header.size());
  }

  void process(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) override {
    update(to, from, bytes);
  }

  bool finish(std::uint8_t* tag) override {
    if (way_ == way::decrypt)
      control(EVP_CTRL_AEAD_SET_TAG, tag);
    std::array<std::uint8_t, tag_bytes> nothing{};
    auto count = 0;
    works_ = works_ && EVP_CipherFinal_ex(context_.get(), nothing.data(), &count) == 1;
    if (way_ == way::encrypt)
      control(EVP_CTRL_AEAD_GET_TAG, tag);
    if (!works_)
      ERR_clear_error();
    return works_;
  }

private:
  void update(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) {
    auto count = 0;
    works_ =
      works_
      && (bytes == 0
          || EVP_CipherUpdate(context_.get(), to, &count, from, static_cast<int>(bytes))
               == 1);
  }

  void control(int what, std::uint8_t* tag) {
    works_ = works_ && EVP_CIPHER_CTX_ctrl(context_.get(), what, tag_bytes, tag) == 1;
  }

  cipher_pointer cipher_;
  std::unique_ptr<EVP_CIPHER_CTX, freeing> context_;
  way way_;
  bool works_ = false;
};

using bytes = std::vector<std::uint8_t>;

using tag = std::array<std::uint8_t, aes_gcm::tag_bytes>;

/// Bytes that are not all alike.
bytes pattern(std::size_t count) {
  bytes made(count);
  for (std::size_t i = 0; i < count; ++i)
    made[i] = static_cast<std::uint8_t>(i * 167 + i / 251);
  return made;
}

/// Encrypts or decrypts a message with a header like TLS's. Says whether the tag is
/// right; where it encrypts, it is made.
bool process(aes_source source, aes_gcm::way way, bytes& message, tag& its_tag) {
  const auto cipher = make_aes_gcm({1, 22, 203}, way, source);
  cipher->begin({5, 66, 177}, pattern(5));
  cipher->process(message.data(), message.data(), message.size());
  return cipher->finish(its_tag.data());
}

/// Whether VAES makes the same bytes as OpenSSL, and reads them.
bool agrees_with_openssl() {
  using way = aes_gcm::way;
  // Around the block of AES, the largest record of TLS, and something in between.
  for (const auto size : {0U, 1U, 15U, 16U, 17U, 5000U, 16'385U}) {
    const auto message = pattern(size);
    auto theirs = message;
    auto ours = message;
    tag their_tag{};
    tag our_tag{};
    if (!process(aes_source::openssl, way::encrypt, theirs, their_tag)
        || !process(aes_source::vectorised, way::encrypt, ours, our_tag)
        || ours != theirs || our_tag != their_tag
        || !process(aes_source::vectorised, way::decrypt, ours, our_tag)
        || ours != message)
      return false;
    their_tag.back() ^= 1U;
    if (process(aes_source::vectorised, way::decrypt, theirs, their_tag))
      return false;
  }
  return true;
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

aes_source choose_aes() {
  ERR_set_mark();
  const auto is_allowed = has_vectorised_aes() && default_is_allowed();
  const auto is_right = is_allowed && agrees_with_openssl();
  ERR_pop_to_mark();
  if (is_allowed && !is_right)
    core::log::warning(
      "the processor's VAES is not used for TLS: it computes something "
      "else than OpenSSL");
  return is_right ? aes_source::vectorised : aes_source::openssl;
}

} // namespace

aes_source fastest_aes() {
  static const auto source = choose_aes();
  return source;
}

std::unique_ptr<aes_gcm>
make_aes_gcm(const aes_gcm::key& secret, aes_gcm::way chosen, aes_source source) {
  if (source == aes_source::vectorised)
    return make_vectorised_aes(secret, chosen);
  return std::make_unique<openssl_aes_gcm>(secret, chosen);
}

} // namespace souk::actors::bulk
