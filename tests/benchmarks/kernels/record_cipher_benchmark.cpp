#include "actors/bulk/vectorised_aes.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

using namespace souk::benchmarks;

namespace bulk = souk::actors::bulk;

namespace {

using bytes = std::vector<std::uint8_t>;

/// What TLS 1.3 asks of AES-128-GCM for each record: an IV, five bytes of header, the
/// text, the tag.
class record_cipher {
public:
  record_cipher(const bulk::cipher_source& source, bool encrypts)
    : cipher_{EVP_CIPHER_fetch(source.library, "AES-128-GCM", source.properties),
              EVP_CIPHER_free},
      context_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}, encrypts_{encrypts} {
    const std::array<std::uint8_t, 16> key{1, 2, 3};
    EVP_CipherInit_ex2(context_.get(), cipher_.get(), key.data(), nullptr,
                       encrypts ? 1 : 0, nullptr);
  }

  /// Both are a text and its tag, and may be the same. Says whether OpenSSL agrees.
  bool operator()(bytes& from, bytes& to) {
    const std::array<std::uint8_t, 12> iv{4, 5, 6};
    const std::array<std::uint8_t, 5> header{7, 8, 9};
    const auto size = static_cast<int>(from.size() - 16);
    auto count = 0;
    auto* context = context_.get();
    return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), -1) == 1
           && (encrypts_ || tag(EVP_CTRL_AEAD_SET_TAG, from))
           && EVP_CipherUpdate(context, nullptr, &count, header.data(), 5) == 1
           && EVP_CipherUpdate(context, to.data(), &count, from.data(), size) == 1
           && EVP_CipherFinal_ex(context, to.data() + size, &count) == 1
           && (!encrypts_ || tag(EVP_CTRL_AEAD_GET_TAG, to));
  }

private:
  bool tag(int what, bytes& record) {
    auto* place = record.data() + record.size() - 16;
    return EVP_CIPHER_CTX_ctrl(context_.get(), what, 16, place) == 1;
  }

  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher_;
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
  bool encrypts_;
};

enum class aes { openssl, vectorised };

bulk::cipher_source source_of(aes whose) {
  return whose == aes::vectorised ? bulk::vectorised_aes() : bulk::cipher_source{};
}

/// Whether there is something to time; says so if not.
bool is_there(benchmark::State& state, aes whose) {
  if (whose == aes::openssl || bulk::vectorised_aes().library != nullptr)
    return true;
  state.SkipWithError("this processor has no VAES, or souk was built without ipsec-mb");
  return false;
}

/// Whether a record comes back, and damage is noticed.
bool is_right(const bulk::cipher_source& source, const bytes& text) {
  auto record = text;
  record_cipher encrypt{source, true};
  record_cipher decrypt{source, false};
  if (!encrypt(record, record) || record == text)
    return false;
  auto damaged = record;
  damaged.back() ^= 1U;
  return decrypt(record, record)
         && std::equal(text.begin(), text.end() - 16, record.begin())
         && !decrypt(damaged, damaged);
}

void encrypt_record(benchmark::State& state, aes whose, std::size_t size) {
  if (!is_there(state, whose))
    return;
  const auto source = source_of(whose);
  bytes record(size + 16, 42);
  check(state, is_right(source, record));
  record_cipher encrypt{source, true};
  auto worked = true;
  for (auto _ : state)
    worked = encrypt(record, record) && worked;
  check(state, worked);
  report_bytes(state, size);
}

void decrypt_record(benchmark::State& state, aes whose, std::size_t size) {
  if (!is_there(state, whose))
    return;
  const auto source = source_of(whose);
  bytes record(size + 16, 42);
  check(state, is_right(source, record));
  record_cipher{source, true}(record, record);
  auto text = record;
  record_cipher decrypt{source, false};
  auto worked = true;
  for (auto _ : state)
    worked = decrypt(record, text) && worked;
  check(state, worked);
  report_bytes(state, size);
}

BENCHMARK_CAPTURE(encrypt_record, small_openssl, aes::openssl, 1'000);
BENCHMARK_CAPTURE(encrypt_record, small_vectorised, aes::vectorised, 1'000);
BENCHMARK_CAPTURE(decrypt_record, small_openssl, aes::openssl, 1'000);
BENCHMARK_CAPTURE(decrypt_record, small_vectorised, aes::vectorised, 1'000);
BENCHMARK_CAPTURE(encrypt_record, tls_openssl, aes::openssl, 16'384);
BENCHMARK_CAPTURE(encrypt_record, tls_vectorised, aes::vectorised, 16'384);
BENCHMARK_CAPTURE(decrypt_record, tls_openssl, aes::openssl, 16'384);
BENCHMARK_CAPTURE(decrypt_record, tls_vectorised, aes::vectorised, 16'384);

} // namespace
