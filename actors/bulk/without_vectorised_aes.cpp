#include "actors/bulk/vectorised_aes.hpp"

namespace souk::actors::bulk {

// Built where ipsec-mb is not found.
cipher_source vectorised_aes() {
  return {};
}

} // namespace souk::actors::bulk
