#include "actors/bulk/vectorised_aes.hpp"

#include "tests/actors/bulk/gcm_context.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <memory>
#include <string>

using namespace souk;
using namespace souk::tests;

namespace {

octets hex(const std::string& digits) {
  octets made;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    made.push_back(
      static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return made;
}

/// Adds bytes in place, in pieces of any length, most of them short.
bool add_in_pieces(context& to, octets& text, draws& from) {
  for (std::size_t i = 0; i < text.size();) {
    const auto most = from.below(4) == 0 ? text.size() : 70;
    const auto size = std::min(text.size() - i, 1 + from.below(most));
    if (!to.add(text.data() + i, text.data() + i, size))
      return false;
    i += size;
  }
  return true;
}

bool add_header_in_pieces(context& to, const octets& header, draws& from) {
  for (std::size_t i = 0; i < header.size();) {
    const auto size = std::min(header.size() - i, 1 + from.below(30));
    const auto begin = header.begin() + static_cast<std::ptrdiff_t>(i);
    if (!to.add_header({begin, begin + static_cast<std::ptrdiff_t>(size)}))
      return false;
    i += size;
  }
  return true;
}

} // namespace

SCENARIO("the vectorised AES gives what NIST says", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  // The four cases of AES-128 with an IV of 96 bits in McGrew and Viega's proposal of
  // GCM to NIST, appendix B.
  const auto long_key = hex("feffe9928665731c6d6a8f9467308308");
  const auto long_iv = hex("cafebabefacedbaddecaf888");
  const auto long_text =
    hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
  const auto long_secret =
    hex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985");
  const auto all_but_4 = [](octets of) {
    of.resize(of.size() - 4);
    return of;
  };

  struct known {
    message plain;
    sealed secret;
  };

  const auto one = GENERATE_COPY(
    known{{octets(16), octets(12), {}, {}},
          {{}, hex("58e2fccefa7e3061367f1d57a4e7455a")}},
    known{{octets(16), octets(12), {}, octets(16)},
          {hex("0388dace60b6a392f328c2b971b2fe78"),
           hex("ab6e47d42cec13bdf53a67b21257bddf")}},
    known{{long_key, long_iv, {}, long_text},
          {long_secret, hex("4d5c2af327cd64a62cf35abd2ba6fab4")}},
    known{{long_key, long_iv, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
           all_but_4(long_text)},
          {all_but_4(long_secret), hex("5bc94fbc3221a5db94fae95ae7121a47")}});
  CHECK(seal(ours, one.plain) == one.secret);
  auto opened = one.plain;
  CHECK(open(ours, one.secret, opened));
  CHECK(opened.text == one.plain.text);
}

SCENARIO("the vectorised AES and OpenSSL's read each other", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{1};
  auto differing = 0;
  for (auto round = 0; round < 300; ++round) {
    const auto plain =
      random_message(from, from.below(round % 10 == 0 ? 40'000 : 1200));
    const auto secret = seal(ours, plain);
    auto opened = plain;
    const auto is_same = secret == seal(openssls, plain)
                         && open(openssls, secret, opened) && opened.text == plain.text
                         && open(ours, secret, opened) && opened.text == plain.text;
    differing += is_same ? 0 : 1;
  }
  CHECK(differing == 0);
}

SCENARIO("pieces make no difference to the vectorised AES", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{2};
  auto differing = 0;
  for (auto round = 0; round < 200; ++round) {
    const auto plain = random_message(from, from.below(5000));
    const auto secret = seal(openssls, plain);
    context writer{ours};
    context reader{ours};
    auto text = plain.text;
    const auto writes = writer.begin(true, plain.key.data(), plain.iv.data())
                        && add_header_in_pieces(writer, plain.header, from)
                        && add_in_pieces(writer, text, from) && writer.finish()
                        && text == secret.text && writer.tag() == secret.tag;
    const auto reads = reader.begin(false, plain.key.data(), plain.iv.data())
                       && add_header_in_pieces(reader, plain.header, from)
                       && add_in_pieces(reader, text, from) && reader.expect(secret.tag)
                       && reader.finish() && text == plain.text;
    differing += writes && reads ? 0 : 1;
  }
  CHECK(differing == 0);
}

SCENARIO("the vectorised AES refuses what was changed", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{3};
  auto accepted = 0;
  for (auto round = 0; round < 200; ++round) {
    auto plain = random_message(from, 1 + from.below(2000));
    plain.header.push_back(0);
    auto secret = seal(ours, plain);
    auto& changed = round % 3 == 0   ? secret.text
                    : round % 3 == 1 ? secret.tag
                                     : plain.header;
    changed[from.below(changed.size())] ^=
      static_cast<std::uint8_t>(1U << from.below(8));
    accepted += open(ours, secret, plain) ? 1 : 0;
    ERR_clear_error();
  }
  CHECK(accepted == 0);
}

SCENARIO("one context serves many records", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{4};
  auto plain = random_message(from, 0);
  context writer{ours};
  context reader{ours};
  // As TLS 1.3 begins: direction, length of IVs, then the key, and IVs record by
  // record.
  REQUIRE(writer.begin(true, nullptr, nullptr));
  REQUIRE(EVP_CIPHER_CTX_ctrl(writer.get(), EVP_CTRL_AEAD_SET_IVLEN, 12, nullptr) == 1);
  REQUIRE(writer.begin(true, plain.key.data(), nullptr));
  REQUIRE(reader.begin(false, nullptr, nullptr));
  REQUIRE(reader.begin(false, plain.key.data(), nullptr));
  for (auto record = 0; record < 20; ++record) {
    plain.iv = from.some(12);
    plain.header = from.some(5);
    plain.text = from.some(1 + from.below(3000));
    auto text = plain.text;
    REQUIRE(writer.begin_next(plain.iv));
    REQUIRE(writer.add_header(plain.header));
    REQUIRE(writer.add(text.data(), text.data(), text.size()));
    REQUIRE(writer.finish());
    const auto tag = writer.tag();
    CHECK(sealed{text, tag} == seal(openssls, plain));
    REQUIRE(reader.begin_next(plain.iv));
    REQUIRE(reader.expect(tag));
    REQUIRE(reader.add_header(plain.header));
    REQUIRE(reader.add(text.data(), text.data(), text.size()));
    CHECK(reader.finish());
    CHECK(text == plain.text);
  }
}

SCENARIO("a context of the vectorised AES may be copied", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{5};
  const auto plain = random_message(from, 1000);
  const auto secret = seal(openssls, plain);
  auto text = plain.text;
  context first{ours};
  REQUIRE(first.begin(true, plain.key.data(), plain.iv.data()));
  REQUIRE(first.add_header(plain.header));
  REQUIRE(first.add(text.data(), text.data(), 333));
  auto second = first;
  auto other = text;
  // The first goes another way: the second must not notice.
  REQUIRE(first.begin(true, from.some(16).data(), from.some(12).data()));
  REQUIRE(first.add(text.data(), text.data(), 1000));
  REQUIRE(second.add(other.data() + 333, other.data() + 333, 667));
  REQUIRE(second.finish());
  CHECK(other == secret.text);
  CHECK(second.tag() == secret.tag);
}

SCENARIO("EVP_Cipher may be asked instead", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  draws from{8};
  auto plain = random_message(from, 1000);
  plain.header.resize(5);
  const auto secret = seal(openssls, plain);
  auto text = plain.text;
  context one{ours};
  REQUIRE(one.begin(true, plain.key.data(), plain.iv.data()));
  CHECK(EVP_Cipher(one.get(), nullptr, plain.header.data(), 5) == 5);
  CHECK(EVP_Cipher(one.get(), text.data(), text.data(), 1000) == 1000);
  CHECK(EVP_Cipher(one.get(), nullptr, nullptr, 0) == 0);
  CHECK(sealed{text, one.tag()} == secret);
}

SCENARIO("only who asks for it gets the vectorised AES", "[actors][bulk][aes]") {
  if (!is_there())
    return;
  const auto provider_of = [](const char* name, const bulk::cipher_source& source) {
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher{
      EVP_CIPHER_fetch(source.library, name, source.properties), EVP_CIPHER_free};
    return cipher ? std::string{OSSL_PROVIDER_get0_name(
             EVP_CIPHER_get0_provider(cipher.get()))}
                  : std::string{};
  };
  const auto source = bulk::vectorised_aes();
  CHECK(provider_of("AES-128-GCM", source) == "souk");
  CHECK(provider_of("id-aes128-GCM", source) == "souk"); // TLS's name for it
  CHECK(provider_of("AES-256-GCM", source) == "default");
  CHECK(provider_of("ChaCha20-Poly1305", source) == "default");
  CHECK(provider_of("AES-128-GCM", {}) == "default");
  CHECK(OSSL_PROVIDER_available(nullptr, "souk") == 0);
}
