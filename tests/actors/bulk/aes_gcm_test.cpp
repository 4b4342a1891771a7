#include "actors/bulk/aes_gcm.hpp"

#include "actors/bulk/vectorised_aes.hpp"
#include "tests/actors/bulk/aes_sources.hpp"
#include "tests/actors/bulk/octets.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#ifdef SOUK_HAS_IPSEC_MB
#include <cpuid.h>
#endif

#include <algorithm>
#include <string>

using namespace souk;
using namespace souk::tests;

namespace {

using way = bulk::aes_gcm::way;

struct message {
  bulk::aes_gcm::key key{};
  bulk::aes_gcm::iv iv{};
  octets header;
  octets text;
};

struct sealed {
  octets text;
  octets tag;

  bool operator==(const sealed& other) const {
    return text == other.text && tag == other.tag;
  }
};

octets hex(const std::string& digits) {
  octets made;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    made.push_back(
      static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return made;
}

template <std::size_t size>
std::array<std::uint8_t, size> fixed(const octets& from) {
  std::array<std::uint8_t, size> made{};
  std::copy_n(from.begin(), size, made.begin());
  return made;
}

message random_message(draws& from, std::size_t text_bytes) {
  return {fixed<16>(from.some(16)), fixed<12>(from.some(12)),
          from.some(from.below(200)), from.some(text_bytes)};
}

/// All at once, into other memory.
sealed seal(bulk::aes_source source, const message& plain) {
  const auto cipher = bulk::make_aes_gcm(plain.key, way::encrypt, source);
  sealed made{octets(plain.text.size()), octets(16)};
  cipher->begin(plain.iv, plain.header);
  cipher->process(made.text.data(), plain.text.data(), plain.text.size());
  REQUIRE(cipher->finish(made.tag.data()));
  return made;
}

/// Whether the tag is right; the text lies in `plain.text` if so.
bool open(bulk::aes_source source, sealed secret, message& plain) {
  const auto cipher = bulk::make_aes_gcm(plain.key, way::decrypt, source);
  plain.text = secret.text; // in place
  cipher->begin(plain.iv, plain.header);
  cipher->process(plain.text.data(), plain.text.data(), plain.text.size());
  return cipher->finish(secret.tag.data());
}

/// Adds bytes in place, in pieces of any length, most of them short.
void add_in_pieces(bulk::aes_gcm& to, octets& text, draws& from) {
  for (std::size_t i = 0; i < text.size();) {
    const auto most = from.below(4) == 0 ? text.size() : 70;
    const auto size = std::min(text.size() - i, 1 + from.below(most));
    to.process(text.data() + i, text.data() + i, size);
    i += size;
  }
}

} // namespace

// A test of its own has OpenSSL without AES (base_provider.cnf).
SCENARIO("VAES is used wherever OpenSSL's configuration has AES",
         "[actors][bulk][aes][aes_configuration]") {
  if (EVP_default_properties_is_fips_enabled(nullptr) == 1) {
    WARN("skipped: OpenSSL is configured for FIPS");
    return;
  }
  auto* usual = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  const auto wanted = bulk::has_vectorised_aes() && usual != nullptr;
  EVP_CIPHER_free(usual);
  CHECK((bulk::fastest_aes() == bulk::aes_source::vectorised) == wanted);
}

#ifdef SOUK_HAS_IPSEC_MB
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
  CHECK(bulk::has_vectorised_aes()
        == (has_avx512 && has_sha && has_gfni_vaes_vpclmulqdq));
}
#endif

SCENARIO("AES-128-GCM gives what NIST says", "[actors][bulk][aes]") {
  // The four cases of AES-128 with an IV of 96 bits in McGrew and Viega's proposal of
  // GCM to NIST, appendix B.
  const auto long_key = fixed<16>(hex("feffe9928665731c6d6a8f9467308308"));
  const auto long_iv = fixed<12>(hex("cafebabefacedbaddecaf888"));
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
    known{{{}, {}, {}, {}}, {{}, hex("58e2fccefa7e3061367f1d57a4e7455a")}},
    known{{{}, {}, {}, octets(16)},
          {hex("0388dace60b6a392f328c2b971b2fe78"),
           hex("ab6e47d42cec13bdf53a67b21257bddf")}},
    known{{long_key, long_iv, {}, long_text},
          {long_secret, hex("4d5c2af327cd64a62cf35abd2ba6fab4")}},
    known{{long_key, long_iv, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
           all_but_4(long_text)},
          {all_but_4(long_secret), hex("5bc94fbc3221a5db94fae95ae7121a47")}});
  for (const auto source : aes_sources()) {
    CHECK(seal(source, one.plain) == one.secret);
    auto opened = one.plain;
    CHECK(open(source, one.secret, opened));
    CHECK(opened.text == one.plain.text);
  }
}

SCENARIO("VAES and OpenSSL read each other", "[actors][bulk][aes]") {
  draws from{1};
  auto differing = 0;
  for (const auto here : aes_sources())
    for (auto round = 0; round < 300; ++round) {
      const auto plain =
        random_message(from, from.below(round % 10 == 0 ? 40'000 : 1200));
      const auto secret = seal(here, plain);
      auto opened = plain;
      for (const auto there : aes_sources())
        differing += secret == seal(there, plain) && open(there, secret, opened)
                         && opened.text == plain.text
                       ? 0
                       : 1;
    }
  CHECK(differing == 0);
}

SCENARIO("pieces make no difference to AES-128-GCM", "[actors][bulk][aes]") {
  draws from{2};
  auto differing = 0;
  for (const auto source : aes_sources())
    for (auto round = 0; round < 200; ++round) {
      const auto plain = random_message(from, from.below(5000));
      auto secret = seal(bulk::aes_source::openssl, plain);
      const auto writer = bulk::make_aes_gcm(plain.key, way::encrypt, source);
      const auto reader = bulk::make_aes_gcm(plain.key, way::decrypt, source);
      auto text = plain.text;
      octets tag(16);
      writer->begin(plain.iv, plain.header);
      add_in_pieces(*writer, text, from);
      const auto writes = writer->finish(tag.data()) && sealed{text, tag} == secret;
      reader->begin(plain.iv, plain.header);
      add_in_pieces(*reader, text, from);
      const auto reads = reader->finish(secret.tag.data()) && text == plain.text;
      differing += writes && reads ? 0 : 1;
    }
  CHECK(differing == 0);
}

SCENARIO("what was changed is refused, and what comes next is not",
         "[actors][bulk][aes]") {
  draws from{3};
  auto accepted = 0;
  auto refused = 0;
  for (const auto source : aes_sources()) {
    auto plain = random_message(from, 0);
    const auto reader = bulk::make_aes_gcm(plain.key, way::decrypt, source);
    for (auto round = 0; round < 200; ++round) {
      plain.iv = fixed<12>(from.some(12));
      plain.header = from.some(5);
      plain.text = from.some(1 + from.below(2000));
      auto secret = seal(source, plain);
      const auto is_changed = round % 2 == 0;
      auto& changed = round % 3 == 0   ? secret.text
                      : round % 3 == 1 ? secret.tag
                                       : plain.header;
      if (is_changed)
        changed[from.below(changed.size())] ^=
          static_cast<std::uint8_t>(1U << from.below(8));
      octets text(secret.text.size());
      reader->begin(plain.iv, plain.header);
      reader->process(text.data(), secret.text.data(), text.size());
      const auto is_good = reader->finish(secret.tag.data());
      accepted += is_changed && is_good ? 1 : 0;
      refused += !is_changed && (!is_good || text != plain.text) ? 1 : 0;
    }
  }
  CHECK(accepted == 0);
  CHECK(refused == 0);
}
