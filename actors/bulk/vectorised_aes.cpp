#include "actors/bulk/vectorised_aes.hpp"

#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

namespace souk::actors::bulk {

namespace {

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

class vectorised_aes_gcm : public aes_gcm {
public:
  vectorised_aes_gcm(const key& secret, way chosen) : way_{chosen} {
    IMB_AES128_GCM_PRE(library(), secret.data(), &key_);
  }

  vectorised_aes_gcm(const vectorised_aes_gcm&) = delete;
  vectorised_aes_gcm& operator=(const vectorised_aes_gcm&) = delete;

  ~vectorised_aes_gcm() override {
    OPENSSL_cleanse(&key_, sizeof key_);
    OPENSSL_cleanse(&message_, sizeof message_);
  }

  void begin(const iv& chosen, core::span<const std::uint8_t> header) override {
    IMB_AES128_GCM_INIT(library(), &key_, &message_, chosen.data(), header.data(),
                        header.size());
  }

  void process(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) override {
    if (way_ == way::encrypt)
      IMB_AES128_GCM_ENC_UPDATE(library(), &key_, &message_, to, from, bytes);
    else
      IMB_AES128_GCM_DEC_UPDATE(library(), &key_, &message_, to, from, bytes);
  }

  bool finish(std::uint8_t* tag) override {
    if (way_ == way::encrypt) {
      IMB_AES128_GCM_ENC_FINALIZE(library(), &key_, &message_, tag, tag_bytes);
      return true;
    }
    std::array<std::uint8_t, tag_bytes> right{};
    IMB_AES128_GCM_DEC_FINALIZE(library(), &key_, &message_, right.data(), tag_bytes);
    const auto is_right = CRYPTO_memcmp(right.data(), tag, tag_bytes) == 0;
    OPENSSL_cleanse(right.data(), right.size());
    return is_right;
  }

private:
  // ipsec-mb's own code relies on the alignment, which its header forgets.
  alignas(64) gcm_key_data key_{};
  alignas(64) gcm_context_data message_{};
  way way_;
};

} // namespace

bool has_vectorised_aes() {
  return library() != nullptr;
}

std::unique_ptr<aes_gcm> make_vectorised_aes(const aes_gcm::key& secret,
                                             aes_gcm::way chosen) {
  return std::make_unique<vectorised_aes_gcm>(secret, chosen);
}

} // namespace souk::actors::bulk
