#include "actors/bulk/checksum.hpp"

#include <xxhash.h>
#ifdef __x86_64__
#include <xxh_x86dispatch.h>
#endif

#include <new>

namespace souk::actors::bulk {

struct checksum::state {
  state() {
    if (!xxh3)
      throw std::bad_alloc{};
  }

  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> xxh3{XXH3_createState(),
                                                                &XXH3_freeState};
};

checksum::checksum() : state_{std::make_unique<state>()} {
  reset();
}

checksum::~checksum() = default;
checksum::checksum(checksum&&) noexcept = default;
checksum& checksum::operator=(checksum&&) noexcept = default;

void checksum::reset() {
  XXH3_64bits_reset(state_->xxh3.get());
}

void checksum::feed(core::span<const std::uint8_t> bytes) {
#ifdef __x86_64__
  XXH3_64bits_update_dispatch(state_->xxh3.get(), bytes.data(), bytes.size());
#else
  XXH3_64bits_update(state_->xxh3.get(), bytes.data(), bytes.size());
#endif
}

std::uint64_t checksum::value() const {
  return XXH3_64bits_digest(state_->xxh3.get());
}

} // namespace souk::actors::bulk
