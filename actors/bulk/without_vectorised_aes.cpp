#include "actors/bulk/vectorised_aes.hpp"

namespace souk::actors::bulk {

// Built where ipsec-mb is not found.
bool has_vectorised_aes() {
  return false;
}

std::unique_ptr<aes_gcm> make_vectorised_aes(const aes_gcm::key&, aes_gcm::way) {
  return nullptr;
}

} // namespace souk::actors::bulk
