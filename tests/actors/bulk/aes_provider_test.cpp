#include "tests/actors/bulk/gcm_context.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>

using namespace souk;
using namespace souk::tests;

SCENARIO("what is missing or out of turn is refused", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{6};
  const auto plain = random_message(from, 100);
  const auto* key = plain.key.data();
  const auto* iv = plain.iv.data();
  auto text = plain.text;
  context one{ours};

  SECTION("a key, or an IV") {
    const auto is_key = GENERATE(true, false);
    CAPTURE(is_key);
    const auto begins = [&] {
      return one.begin(true, is_key ? nullptr : key, is_key ? iv : nullptr);
    };
    // Each for itself: after the first refusal all else is refused, too.
    REQUIRE(begins());
    CHECK_FALSE(one.add_header(plain.header));
    REQUIRE(begins());
    CHECK_FALSE(one.add(text.data(), text.data(), 100));
    REQUIRE(begins());
    CHECK_FALSE(one.finish());
    CHECK(one.tag().empty());
    CHECK(text == plain.text);
  }
  SECTION("an IV of another length") {
    REQUIRE(one.begin(true, nullptr, nullptr));
    CHECK(EVP_CIPHER_CTX_ctrl(one.get(), EVP_CTRL_AEAD_SET_IVLEN, 16, nullptr) != 1);
    CHECK(EVP_CIPHER_CTX_ctrl(one.get(), EVP_CTRL_AEAD_SET_IVLEN, 8, nullptr) != 1);
  }
  SECTION("a second message under the first's IV") {
    REQUIRE(one.begin(true, key, iv));
    REQUIRE(one.add(text.data(), text.data(), 100));
    REQUIRE(one.finish());
    CHECK_FALSE(one.add(text.data(), text.data(), 100));
    CHECK_FALSE(one.finish());
    REQUIRE(one.begin(true, key, nullptr));
    CHECK_FALSE(one.add(text.data(), text.data(), 100));
  }
  SECTION("a new key within a message") {
    REQUIRE(one.begin(true, key, iv));
    REQUIRE(one.add(text.data(), text.data(), 50));
    REQUIRE(one.begin(true, from.some(16).data(), nullptr));
    CHECK_FALSE(one.add(text.data(), text.data(), 50));
  }
  SECTION("a message whose header was given up") {
    REQUIRE(one.begin(true, key, iv));
    REQUIRE(one.add_header(plain.header));
    REQUIRE(one.begin(true, nullptr, nullptr));
    CHECK_FALSE(one.add(text.data(), text.data(), 50));
  }
  SECTION("a header after the text, and all that follows it") {
    REQUIRE(one.begin(true, key, iv));
    REQUIRE(one.add(text.data(), text.data(), 50));
    CHECK_FALSE(one.add_header({1, 2, 3}));
    CHECK_FALSE(one.finish());
  }
  SECTION("a header that is too long") {
    REQUIRE(one.begin(true, key, iv));
    CHECK(one.add_header(octets(256)));
    CHECK_FALSE(one.add_header({1}));
    CHECK_FALSE(one.finish());
  }
  SECTION("a tag, or part of one") {
    const auto secret = seal(ours, plain);
    REQUIRE(one.begin(false, key, iv));
    CHECK_FALSE(one.expect({1, 2, 3, 4}));
    REQUIRE(one.add_header(plain.header));
    REQUIRE(one.add(text.data(), secret.text.data(), 100));
    CHECK_FALSE(one.finish());
    // A tag serves once.
    REQUIRE(one.begin(false, key, iv));
    REQUIRE(one.expect(secret.tag));
    REQUIRE(one.add_header(plain.header));
    REQUIRE(one.add(text.data(), secret.text.data(), 100));
    CHECK(one.finish());
    CHECK(one.tag().empty());
    REQUIRE(one.begin_next(plain.iv));
    REQUIRE(one.add_header(plain.header));
    REQUIRE(one.add(text.data(), secret.text.data(), 100));
    CHECK_FALSE(one.finish());
  }
  SECTION("a tag before its message's end, or one to encrypt with") {
    REQUIRE(one.begin(true, key, iv));
    REQUIRE(one.add(text.data(), text.data(), 100));
    CHECK(one.tag().empty());
    CHECK_FALSE(one.expect(octets(16)));
    REQUIRE(one.finish());
    CHECK(one.tag(12).empty());
    CHECK(one.tag().size() == 16);
    REQUIRE(one.begin_next(from.some(12)));
    CHECK(one.tag().empty());
  }
  SECTION("TLS 1.2") {
    octets header(13);
    REQUIRE(one.begin(true, key, iv));
    CHECK(EVP_CIPHER_CTX_ctrl(one.get(), EVP_CTRL_AEAD_TLS1_AAD, 13, header.data())
          <= 0);
    CHECK(EVP_CIPHER_CTX_ctrl(one.get(), EVP_CTRL_AEAD_SET_IV_FIXED, 4, header.data())
          <= 0);
  }
  ERR_clear_error();
}
