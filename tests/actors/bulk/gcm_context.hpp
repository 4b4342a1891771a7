#pragma once

#include "actors/bulk/vectorised_aes.hpp"
#include "core/random.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace souk::tests {

namespace bulk = souk::actors::bulk;

using octets = std::vector<std::uint8_t>;

inline constexpr const char* ours = "provider=souk";
inline constexpr const char* openssls = "provider=default";

/// Whether there is something to test; says so if not.
inline bool is_there() {
  if (bulk::vectorised_aes().library != nullptr)
    return true;
  WARN("skipped: this processor has no VAES, or souk was built without ipsec-mb");
  return false;
}

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

struct message {
  octets key;
  octets iv;
  octets header;
  octets text;
};

inline message random_message(draws& from, std::size_t text_bytes) {
  return {from.some(16), from.some(12), from.some(from.below(200)),
          from.some(text_bytes)};
}

struct sealed {
  octets text;
  octets tag;

  bool operator==(const sealed& other) const {
    return text == other.text && tag == other.tag;
  }
};

/// An EVP_CIPHER_CTX of AES-128-GCM as found by a property query. All functions say
/// whether OpenSSL agrees.
class context {
public:
  explicit context(const char* properties)
    : cipher_{EVP_CIPHER_fetch(
                bulk::vectorised_aes().library, "AES-128-GCM", properties),
              EVP_CIPHER_free},
      context_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free} {
    if (!cipher_)
      throw std::runtime_error{"no such cipher"};
  }

  context(const context& other) : context{other.cipher_} {
    if (EVP_CIPHER_CTX_copy(context_.get(), other.context_.get()) != 1)
      throw std::runtime_error{"cannot be copied"};
    is_new_ = other.is_new_;
  }

  /// The cipher is told the first time only: told again, OpenSSL begins with nothing.
  bool begin(bool encrypts, const std::uint8_t* key, const std::uint8_t* iv) {
    const auto* cipher = is_new_ ? cipher_.get() : nullptr;
    is_new_ = false;
    return EVP_CipherInit_ex2(context_.get(), cipher, key, iv, encrypts ? 1 : 0,
                              nullptr)
           == 1;
  }

  /// As TLS does between records: cipher and key stay.
  bool begin_next(const octets& iv) {
    return EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data(),
                             /*enc=*/-1)
           == 1;
  }

  bool add_header(const octets& header) {
    auto count = 0;
    return EVP_CipherUpdate(context_.get(), nullptr, &count, header.data(),
                            static_cast<int>(header.size()))
           == 1;
  }

  bool add(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
    auto count = 0;
    return EVP_CipherUpdate(context_.get(), to, &count, from, static_cast<int>(size))
             == 1
           && count == static_cast<int>(size);
  }

  bool expect(octets tag) {
    return control(EVP_CTRL_AEAD_SET_TAG, tag);
  }

  bool finish() {
    std::uint8_t nothing[16] = {};
    auto count = 0;
    return EVP_CipherFinal_ex(context_.get(), nothing, &count) == 1;
  }

  octets tag(std::size_t size = 16) {
    octets made(size);
    return control(EVP_CTRL_AEAD_GET_TAG, made) ? made : octets{};
  }

  EVP_CIPHER_CTX* get() {
    return context_.get();
  }

private:
  using cipher_pointer = std::shared_ptr<EVP_CIPHER>;

  explicit context(cipher_pointer cipher)
    : cipher_{std::move(cipher)}, context_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free} {
    // nop
  }

  bool control(int what, octets& with) {
    return EVP_CIPHER_CTX_ctrl(context_.get(), what, static_cast<int>(with.size()),
                               with.data())
           == 1;
  }

  cipher_pointer cipher_;
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
  bool is_new_ = true;
};

/// All at once.
inline sealed seal(const char* properties, const message& plain) {
  context one{properties};
  sealed made{octets(plain.text.size()), {}};
  REQUIRE(one.begin(true, plain.key.data(), plain.iv.data()));
  REQUIRE(one.add_header(plain.header));
  REQUIRE(one.add(made.text.data(), plain.text.data(), plain.text.size()));
  REQUIRE(one.finish());
  made.tag = one.tag();
  return made;
}

/// Whether the tag is right; the text lies in `plain.text` if so.
inline bool open(const char* properties, const sealed& secret, message& plain) {
  context one{properties};
  plain.text = secret.text; // in place
  return one.begin(false, plain.key.data(), plain.iv.data())
         && one.add_header(plain.header) && one.expect(secret.tag)
         && one.add(plain.text.data(), plain.text.data(), plain.text.size())
         && one.finish();
}

} // namespace souk::tests
