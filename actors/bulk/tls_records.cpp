#include "actors/bulk/tls_records.hpp"

#include "actors/bulk/security.hpp"
#include "core/error.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <string_view>

namespace souk::actors::bulk {

namespace {

/// RFC 8446, section 5.1.
enum content_type : std::uint8_t { alert = 21, handshake = 22, application_data = 23 };

/// RFC 8446, section 4.6.3: a message of one byte, which asks for nothing in return.
constexpr std::array<std::uint8_t, 5> key_update{24, 0, 0, 1, 0};

constexpr std::uint8_t close_notify = 0;

/// Longest record without its header, padding included (RFC 8446, section 5.2).
constexpr std::size_t record_body_max = record_content_max + 256;

/// Bytes that are read before they are decrypted: these stay in cache.
constexpr std::size_t read_ahead_bytes = 16 * (record_content_max + record_overhead);

[[noreturn]] void fail(const char* what) {
  throw core::error{what, "TLS between processes", "is there memory left?"};
}

/// HKDF-Expand-Label without a context (RFC 8446, section 7.1).
template <std::size_t size>
secret_bytes<size> expand(const traffic_secret& secret, std::string_view label) {
  struct freeing {
    void operator()(EVP_KDF* function) const {
      EVP_KDF_free(function);
    }

    void operator()(EVP_KDF_CTX* context) const {
      EVP_KDF_CTX_free(context);
    }
  };

  const std::unique_ptr<EVP_KDF, freeing> function{
    EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_TLS1_3_KDF, nullptr)};
  const std::unique_ptr<EVP_KDF_CTX, freeing> context{EVP_KDF_CTX_new(function.get())};
  const auto octets = [](const char* name, const void* bytes, std::size_t count) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(bytes), count);
  };
  auto mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  std::array<char, 7> digest{"SHA256"};
  const std::string_view prefix{"tls13 "};
  const std::array<OSSL_PARAM, 6> told{
    OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
    octets(OSSL_KDF_PARAM_KEY, secret.bytes.data(), secret.bytes.size()),
    octets(OSSL_KDF_PARAM_PREFIX, prefix.data(), prefix.size()),
    octets(OSSL_KDF_PARAM_LABEL, label.data(), label.size()),
    OSSL_PARAM_construct_end()};
  secret_bytes<size> made;
  if (!context
      || EVP_KDF_derive(context.get(), made.bytes.data(), size, told.data()) != 1)
    fail("OpenSSL cannot derive a connection's keys");
  return made;
}

} // namespace

record_keys::record_keys(const traffic_secret& secret,
                         aes_gcm::way chosen,
                         aes_source source)
  : way_{chosen}, source_{source} {
  take(secret);
}

void record_keys::renew() {
  take(expand<sizeof(traffic_secret)>(secret_, "traffic upd"));
}

void record_keys::take(const traffic_secret& secret) {
  const auto key = expand<aes_gcm::key_bytes>(secret, "key");
  const auto iv = expand<aes_gcm::iv_bytes>(secret, "iv");
  cipher_ = make_aes_gcm(key.bytes, way_, source_);
  iv_ = iv;
  secret_ = secret;
  records_ = 0;
}

void record_keys::begin(core::span<const std::uint8_t> header) {
  auto nonce = iv_.bytes;
  for (std::size_t i = 0; i < sizeof records_; ++i)
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(records_ >> 8 * i);
  ++records_;
  cipher_->begin(nonce, header);
}

record_writer::record_writer(const traffic_secret& secret,
                             aes_source source,
                             std::uint64_t records_per_key)
  : keys_{secret, aes_gcm::way::encrypt, source}, records_per_key_{records_per_key} {
  // nop
}

std::size_t record_writer::write(const std::vector<encoding::piece>& content,
                                 std::uint8_t* to) {
  return write_as(application_data, content, to);
}

std::size_t record_writer::renew(std::uint8_t* to) {
  const auto bytes = write_as(handshake, {{key_update.data(), key_update.size()}}, to);
  keys_.renew();
  return bytes;
}

std::size_t record_writer::write_as(std::uint8_t type,
                                    const std::vector<encoding::piece>& content,
                                    std::uint8_t* to) {
  std::size_t bytes = 1 + aes_gcm::tag_bytes;
  for (const auto& piece : content)
    bytes += piece.size();
  core::expects(bytes <= record_content_max + 1 + aes_gcm::tag_bytes,
                "the content of a record fits into it");
  // Whatever it is, it says that it is data of TLS 1.2.
  const std::array<std::uint8_t, record_header_bytes> header{
    application_data, 3, 3, static_cast<std::uint8_t>(bytes >> 8U),
    static_cast<std::uint8_t>(bytes)};
  auto* next = std::copy(header.begin(), header.end(), to);
  keys_.begin(header);
  for (const auto& piece : content) {
    keys_.cipher().process(next, piece.data(), piece.size());
    next += piece.size();
  }
  keys_.cipher().process(next, &type, 1);
  if (!keys_.cipher().finish(next + 1))
    fail("OpenSSL cannot encrypt");
  return record_header_bytes + bytes;
}

record_reader::record_reader(const traffic_secret& secret,
                             core::span<const std::uint8_t> arrived,
                             aes_source source)
  : keys_{secret, aes_gcm::way::decrypt, source},
    received_max_{std::max(read_ahead_bytes, arrived.size())}, end_{arrived.size()} {
  received_.reset(new std::uint8_t[received_max_]);
  opened_.reset(new std::uint8_t[record_body_max]);
  std::copy(arrived.begin(), arrived.end(), received_.get());
}

core::span<std::uint8_t> record_reader::room() {
  // Less than a record is left.
  std::copy(received_.get() + begin_, received_.get() + end_, received_.get());
  end_ -= begin_;
  begin_ = 0;
  return {received_.get() + end_, received_max_ - end_};
}

void record_reader::note_arrival(std::size_t bytes) {
  end_ += bytes;
}

std::size_t record_reader::read(core::span<std::uint8_t> into) {
  std::size_t all = 0;
  while (all < into.size()) {
    const auto left = std::min(into.size() - all, opened_end_ - opened_begin_);
    std::copy_n(opened_.get() + opened_begin_, left, into.data() + all);
    opened_begin_ += left;
    all += left;
    if (left > 0)
      continue;
    const auto record = next_record();
    if (record.empty())
      break;
    all += open(record, into.subspan(all, into.size() - all));
  }
  return all;
}

/// The next record, if it is whole.
core::span<const std::uint8_t> record_reader::next_record() {
  if (has_ended_ || end_ - begin_ < record_header_bytes)
    return {};
  const auto* header = received_.get() + begin_;
  const auto bytes = std::size_t{header[3]} << 8U | header[4];
  if (header[0] != application_data || header[1] != 3 || header[2] != 3
      || bytes < 1 + aes_gcm::tag_bytes || bytes > record_body_max) {
    refuse("it sends something else than TLS's records");
    return {};
  }
  if (end_ - begin_ < record_header_bytes + bytes)
    return {};
  begin_ += record_header_bytes + bytes;
  return {header, record_header_bytes + bytes};
}

/// Decrypts a record to `into` if its content is sure to fit there, else aside. Returns
/// how much of `into` it filled.
std::size_t record_reader::open(core::span<const std::uint8_t> record,
                                core::span<std::uint8_t> into) {
  auto content = record.size() - record_overhead;
  auto* to = content <= into.size() ? into.data() : opened_.get();
  const auto* from = record.data() + record_header_bytes;
  std::uint8_t type = 0;
  std::array<std::uint8_t, aes_gcm::tag_bytes> tag{};
  std::copy_n(from + content + 1, tag.size(), tag.begin());
  auto& cipher = keys_.cipher();
  keys_.begin(record.subspan(0, record_header_bytes));
  cipher.process(to, from, content);
  cipher.process(&type, from + content, 1);
  if (!cipher.finish(tag.data())) {
    refuse("its records are not what was sent");
    return 0;
  }
  // Padding is zeros behind the type.
  while (type == 0 && content > 0)
    type = to[--content];
  empty_records_ = type == application_data && content > 0 ? 0 : empty_records_ + 1;
  if (type != application_data || content > record_content_max
      || empty_records_ > empty_records_max) {
    take(type, {to, content});
    return 0;
  }
  if (to == into.data())
    return content;
  opened_begin_ = 0;
  opened_end_ = content;
  return 0;
}

/// What is no data, or not as it should be.
void record_reader::take(std::uint8_t type, core::span<const std::uint8_t> content) {
  const auto served = keys_.records();
  if (type == handshake && served > records_per_key_min
      && std::equal(content.begin(), content.end(), key_update.begin(),
                    key_update.end()))
    return keys_.renew();
  if (type != alert || content.size() != 2)
    return refuse("it sends what souk does not expect after a handshake");
  if (content[1] != close_notify)
    return refuse(words_of_alert(content[1]));
  has_ended_ = true;
}

void record_reader::refuse(std::string why) {
  refusal_ = std::move(why);
  has_ended_ = true;
}

} // namespace souk::actors::bulk
