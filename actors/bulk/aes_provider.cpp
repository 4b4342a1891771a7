#include "actors/bulk/aes_provider.hpp"

#include "actors/bulk/aes_gcm.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdint>
#include <new>

namespace souk::actors::bulk {

namespace {

aes_gcm& cipher_in(void* context) {
  return *static_cast<aes_gcm*>(context);
}

/// Answers a question of OpenSSL if it was asked.
bool answer(OSSL_PARAM asked[], const char* name, std::size_t value) {
  auto* one = OSSL_PARAM_locate(asked, name);
  return one == nullptr || OSSL_PARAM_set_size_t(one, value) == 1;
}

/// OpenSSL only lets sizes be set that it was told; these are the only ones.
bool agrees(const OSSL_PARAM told[], const char* name, std::size_t value) {
  const auto* one = OSSL_PARAM_locate_const(told, name);
  std::size_t size = 0;
  return one == nullptr || (OSSL_PARAM_get_size_t(one, &size) == 1 && size == value);
}

void* make(void*) {
  return new (std::nothrow) aes_gcm;
}

void* duplicate(void* context) {
  return new (std::nothrow) aes_gcm{cipher_in(context)};
}

void end(void* context) {
  delete static_cast<aes_gcm*>(context);
}

int describe(OSSL_PARAM asked[]) {
  return answer(asked, OSSL_CIPHER_PARAM_MODE, EVP_CIPH_GCM_MODE)
         && answer(asked, OSSL_CIPHER_PARAM_KEYLEN, aes_gcm::key_bytes)
         && answer(asked, OSSL_CIPHER_PARAM_IVLEN, aes_gcm::iv_bytes)
         && answer(asked, OSSL_CIPHER_PARAM_BLOCK_SIZE, 1)
         && answer(asked, OSSL_CIPHER_PARAM_AEAD, 1)
         && answer(asked, OSSL_CIPHER_PARAM_CUSTOM_IV, 1);
}

int describe_context(void* context, OSSL_PARAM asked[]) {
  if (auto* one = OSSL_PARAM_locate(asked, OSSL_CIPHER_PARAM_AEAD_TAG)) {
    const auto* tag = cipher_in(context).tag();
    if (tag == nullptr || one->data_size != aes_gcm::tag_bytes
        || OSSL_PARAM_set_octet_string(one, tag, aes_gcm::tag_bytes) != 1)
      return 0;
  }
  return answer(asked, OSSL_CIPHER_PARAM_KEYLEN, aes_gcm::key_bytes)
         && answer(asked, OSSL_CIPHER_PARAM_IVLEN, aes_gcm::iv_bytes)
         && answer(asked, OSSL_CIPHER_PARAM_AEAD_TAGLEN, aes_gcm::tag_bytes);
}

int configure(void* context, const OSSL_PARAM told[]) {
  // TLS 1.2 would have the cipher make the nonces.
  if (OSSL_PARAM_locate_const(told, OSSL_CIPHER_PARAM_AEAD_TLS1_AAD) != nullptr
      || OSSL_PARAM_locate_const(told, OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED) != nullptr
      || !agrees(told, OSSL_CIPHER_PARAM_KEYLEN, aes_gcm::key_bytes)
      || !agrees(told, OSSL_CIPHER_PARAM_IVLEN, aes_gcm::iv_bytes))
    return 0;
  const auto* tag = OSSL_PARAM_locate_const(told, OSSL_CIPHER_PARAM_AEAD_TAG);
  if (tag == nullptr)
    return 1;
  if (cipher_in(context).direction() != aes_gcm::way::decrypt
      || tag->data_type != OSSL_PARAM_OCTET_STRING || tag->data == nullptr
      || tag->data_size != aes_gcm::tag_bytes)
    return 0;
  cipher_in(context).expect_tag(static_cast<const std::uint8_t*>(tag->data));
  return 1;
}

/// Key and IV may come together, one after the other, or not at all.
template <aes_gcm::way chosen>
int begin(void* context,
          const unsigned char* key,
          std::size_t key_bytes,
          const unsigned char* iv,
          std::size_t iv_bytes,
          const OSSL_PARAM told[]) {
  auto& cipher = cipher_in(context);
  cipher.restart(chosen);
  if ((key != nullptr && key_bytes != aes_gcm::key_bytes)
      || (iv != nullptr && iv_bytes != aes_gcm::iv_bytes))
    return 0;
  if (key != nullptr)
    cipher.set_key(key);
  if (iv != nullptr)
    cipher.set_iv(iv);
  return configure(context, told);
}

int update(void* context,
           unsigned char* to,
           std::size_t* written,
           std::size_t room,
           const unsigned char* from,
           std::size_t bytes) {
  auto& cipher = cipher_in(context);
  *written = 0;
  if (bytes == 0)
    return 1;
  if (from == nullptr || (to != nullptr && room < bytes))
    return 0;
  if (!(to == nullptr ? cipher.authenticate(from, bytes)
                      : cipher.process(to, from, bytes)))
    return 0;
  *written = bytes;
  return 1;
}

int finish(void* context, unsigned char*, std::size_t* written, std::size_t) {
  *written = 0;
  return cipher_in(context).finish() ? 1 : 0;
}

/// EVP_Cipher: without input it is the end.
int cipher(void* context,
           unsigned char* to,
           std::size_t* written,
           std::size_t room,
           const unsigned char* from,
           std::size_t bytes) {
  return from == nullptr ? finish(context, to, written, room)
                         : update(context, to, written, room, from, bytes);
}

const OSSL_PARAM* described(void*) {
  static const OSSL_PARAM all[] = {
    OSSL_PARAM_uint(OSSL_CIPHER_PARAM_MODE, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_BLOCK_SIZE, nullptr),
    OSSL_PARAM_int(OSSL_CIPHER_PARAM_AEAD, nullptr),
    OSSL_PARAM_int(OSSL_CIPHER_PARAM_CUSTOM_IV, nullptr),
    OSSL_PARAM_END};
  return all;
}

const OSSL_PARAM* described_of_context(void*, void*) {
  static const OSSL_PARAM all[] = {
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TAGLEN, nullptr),
    OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0), OSSL_PARAM_END};
  return all;
}

const OSSL_PARAM* configurable(void*, void*) {
  static const OSSL_PARAM all[] = {
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
    OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
    OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0), OSSL_PARAM_END};
  return all;
}

/// OpenSSL knows the type of each function by its number.
template <class Function>
OSSL_DISPATCH entry(int number, Function* function) {
  return {number, reinterpret_cast<void (*)()>(function)};
}

const OSSL_ALGORITHM* algorithms(void*, int operation, int* must_ask_again) {
  static const OSSL_DISPATCH functions[] = {
    entry<OSSL_FUNC_cipher_newctx_fn>(OSSL_FUNC_CIPHER_NEWCTX, make),
    entry<OSSL_FUNC_cipher_freectx_fn>(OSSL_FUNC_CIPHER_FREECTX, end),
    entry<OSSL_FUNC_cipher_dupctx_fn>(OSSL_FUNC_CIPHER_DUPCTX, duplicate),
    entry<OSSL_FUNC_cipher_encrypt_init_fn>(OSSL_FUNC_CIPHER_ENCRYPT_INIT,
                                            begin<aes_gcm::way::encrypt>),
    entry<OSSL_FUNC_cipher_decrypt_init_fn>(OSSL_FUNC_CIPHER_DECRYPT_INIT,
                                            begin<aes_gcm::way::decrypt>),
    entry<OSSL_FUNC_cipher_update_fn>(OSSL_FUNC_CIPHER_UPDATE, update),
    entry<OSSL_FUNC_cipher_final_fn>(OSSL_FUNC_CIPHER_FINAL, finish),
    entry<OSSL_FUNC_cipher_cipher_fn>(OSSL_FUNC_CIPHER_CIPHER, cipher),
    entry<OSSL_FUNC_cipher_get_params_fn>(OSSL_FUNC_CIPHER_GET_PARAMS, describe),
    entry<OSSL_FUNC_cipher_get_ctx_params_fn>(OSSL_FUNC_CIPHER_GET_CTX_PARAMS,
                                              describe_context),
    entry<OSSL_FUNC_cipher_set_ctx_params_fn>(OSSL_FUNC_CIPHER_SET_CTX_PARAMS,
                                              configure),
    entry<OSSL_FUNC_cipher_gettable_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_PARAMS,
                                               described),
    entry<OSSL_FUNC_cipher_gettable_ctx_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS,
                                                   described_of_context),
    entry<OSSL_FUNC_cipher_settable_ctx_params_fn>(OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS,
                                                   configurable),
    {0, nullptr}};
  static const OSSL_ALGORITHM all[] = {
    {"AES-128-GCM:id-aes128-GCM:2.16.840.1.101.3.4.1.6", "provider=souk", functions,
     "AES-128-GCM by the processor's VAES"},
    {nullptr, nullptr, nullptr, nullptr}};
  *must_ask_again = 0;
  return operation == OSSL_OP_CIPHER ? all : nullptr;
}

} // namespace

int begin_aes_provider(const OSSL_CORE_HANDLE* handle,
                       const OSSL_DISPATCH*,
                       const OSSL_DISPATCH** offered,
                       void** context) {
  static const OSSL_DISPATCH functions[] = {
    entry<OSSL_FUNC_provider_query_operation_fn>(OSSL_FUNC_PROVIDER_QUERY_OPERATION,
                                                 algorithms),
    {0, nullptr}};
  *offered = functions;
  // There is nothing to keep, but OpenSSL wants to see something.
  *context = const_cast<OSSL_CORE_HANDLE*>(handle);
  return 1;
}

} // namespace souk::actors::bulk
