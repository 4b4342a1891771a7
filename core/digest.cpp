#include "core/digest.hpp"

#include "core/error.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace souk::core {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "digests are defined over little-endian bytes");

namespace {

std::string in_hexadecimal(const unsigned char* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

} // namespace

struct digest::state {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  state() {
    expects(context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1,
            "OpenSSL has SHA-256");
  }

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  ~state() {
    EVP_MD_CTX_free(context);
  }
};

digest::digest() : state_{std::make_unique<state>()} {
  // nop
}

digest::~digest() = default;
digest::digest(digest&&) noexcept = default;
digest& digest::operator=(digest&&) noexcept = default;

void digest::feed_bytes(const void* bytes, std::size_t size) {
  expects(EVP_DigestUpdate(state_->context, bytes, size) == 1, "a digest can be fed");
}

void digest::feed(std::string_view text) {
  feed(static_cast<std::uint64_t>(text.size()));
  feed_bytes(text.data(), text.size());
}

void digest::feed(std::uint64_t value) {
  feed_bytes(&value, sizeof value);
}

void digest::feed(std::int64_t value) {
  feed_bytes(&value, sizeof value);
}

void digest::feed(std::uint32_t value) {
  feed_bytes(&value, sizeof value);
}

void digest::feed(double value) {
  feed_bytes(&value, sizeof value);
}

void digest::feed(float value) {
  feed_bytes(&value, sizeof value);
}

std::string digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  expects(EVP_DigestFinal_ex(state_->context, bytes.data(), &size) == 1,
          "a digest is finished once");
  return in_hexadecimal(bytes.data(), size);
}

std::string sha256_of(std::string_view bytes) {
  digest whole;
  whole.feed_bytes(bytes.data(), bytes.size());
  return whole.finish();
}

std::string sha256_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  digest whole;
  std::vector<char> buffer(std::size_t{1} << 20);
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    whole.feed_bytes(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof())
    throw error{std::string{"cannot read the file ("} + std::strerror(errno) + ")",
                path, "check that it exists and that you may read it"};
  return whole.finish();
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  expects(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(),
               bytes.data(), &size)
            != nullptr,
          "OpenSSL has HMAC-SHA-256");
  return in_hexadecimal(bytes.data(), size);
}

} // namespace souk::core
