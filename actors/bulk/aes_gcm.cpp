#include "actors/bulk/aes_gcm.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace souk::actors::bulk {

namespace {

/// NIST SP 800-38D, section 5.2.1.1: beyond, the counter would repeat.
constexpr std::uint64_t message_bytes_max = (std::uint64_t{1} << 36U) - 32;

const IMB_MGR* make_library() {
  // Keys and messages lie in structures of ours, whose sizes a release may change.
  if (imb_get_version() >> 8U != IMB_VERSION_NUM >> 8U)
    return nullptr;
  auto* made = alloc_mb_mgr(0);
  if (made == nullptr)
    return nullptr;
  init_mb_mgr_auto(made, nullptr);
  // With less than these ipsec-mb takes code without VAES, as OpenSSL does. Without the
  // last two it would leave keys in registers, or not have passed its own tests.
  constexpr auto wanted =
    IMB_CPUFLAGS_AVX512_T2 | IMB_FEATURE_SAFE_DATA | IMB_FEATURE_SELF_TEST_PASS;
  if (imb_get_errno(made) == 0 && (made->features & wanted) == wanted)
    return made;
  free_mb_mgr(made);
  return nullptr;
}

/// ipsec-mb's functions for this processor, made once and never freed: connections may
/// outlive any other static object. The functions of GCM are not told where it is, so
/// any number of threads may call them; all they share is an error code, to which each
/// call writes a zero and which nothing reads.
const IMB_MGR* library() {
  static const auto* const made = make_library();
  return made;
}

} // namespace

bool aes_gcm::is_supported() {
  return library() != nullptr;
}

aes_gcm::~aes_gcm() {
  OPENSSL_cleanse(&key_, sizeof key_);
  OPENSSL_cleanse(&message_, sizeof message_);
  OPENSSL_cleanse(tag_.data(), tag_.size());
}

void aes_gcm::restart(way chosen) {
  if (phase_ == phase::under_way || header_bytes_ > 0)
    phase_ = phase::without_iv;
  // A tag that is expected may be told before the message; one that was made is over.
  if (chosen == way::encrypt || way_ == way::encrypt)
    has_tag_ = false;
  header_bytes_ = 0;
  way_ = chosen;
}

void aes_gcm::set_key(const std::uint8_t* key) {
  if (phase_ == phase::under_way)
    phase_ = phase::without_iv;
  IMB_AES128_GCM_PRE(library(), key, &key_);
  has_key_ = true;
}

void aes_gcm::set_iv(const std::uint8_t* iv) {
  std::copy_n(iv, iv_bytes, iv_.begin());
  header_bytes_ = 0;
  phase_ = phase::with_iv;
}

void aes_gcm::expect_tag(const std::uint8_t* tag) {
  std::copy_n(tag, tag_bytes, tag_.begin());
  has_tag_ = true;
}

bool aes_gcm::authenticate(const std::uint8_t* from, std::size_t bytes) {
  if (!has_key_ || phase_ != phase::with_iv || bytes > header_.size() - header_bytes_)
    return give_up();
  std::copy_n(from, bytes, header_.data() + header_bytes_);
  header_bytes_ += bytes;
  return true;
}

bool aes_gcm::process(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) {
  if (!begin_data() || bytes > message_bytes_max - message_.in_length)
    return give_up();
  if (way_ == way::encrypt)
    IMB_AES128_GCM_ENC_UPDATE(library(), &key_, &message_, to, from, bytes);
  else
    IMB_AES128_GCM_DEC_UPDATE(library(), &key_, &message_, to, from, bytes);
  return true;
}

bool aes_gcm::finish() {
  if (!begin_data())
    return give_up();
  phase_ = phase::without_iv;
  if (way_ == way::encrypt) {
    IMB_AES128_GCM_ENC_FINALIZE(library(), &key_, &message_, tag_.data(), tag_bytes);
    has_tag_ = true;
    return true;
  }
  std::array<std::uint8_t, tag_bytes> right{};
  IMB_AES128_GCM_DEC_FINALIZE(library(), &key_, &message_, right.data(), tag_bytes);
  const auto is_right =
    has_tag_ && CRYPTO_memcmp(right.data(), tag_.data(), tag_bytes) == 0;
  OPENSSL_cleanse(right.data(), right.size());
  has_tag_ = false;
  return is_right;
}

const std::uint8_t* aes_gcm::tag() const {
  return way_ == way::encrypt && has_tag_ ? tag_.data() : nullptr;
}

bool aes_gcm::begin_data() {
  if (phase_ == phase::under_way)
    return true;
  if (!has_key_ || phase_ != phase::with_iv)
    return false;
  IMB_AES128_GCM_INIT(library(), &key_, &message_, iv_.data(), header_.data(),
                      header_bytes_);
  phase_ = phase::under_way;
  return true;
}

bool aes_gcm::give_up() {
  phase_ = phase::without_iv;
  return false;
}

} // namespace souk::actors::bulk
