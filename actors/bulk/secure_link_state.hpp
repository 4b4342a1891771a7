#pragma once

#include "actors/bulk/secure_link.hpp"
#include "actors/bulk/security.hpp"
#include "core/shared_segment.hpp"

namespace souk::actors::bulk {

/// A connection before it is secure, and after.
struct secure_link::state {
  /// Takes a connected socket, which will no longer block.
  state(const tls_context& security, core::descriptor connected, bool has_accepted);

  /// What a call of OpenSSL that returned `result` waits for.
  enum class wish { nothing, to_read, to_write, to_end };
  wish wish_after(int result) const;

  /// Goes on with the handshake; `nothing` when it is done, `to_end` when it failed.
  wish shake_hands();

  core::descriptor socket; ///< closed after TLS
  tls_pointer tls;
};

} // namespace souk::actors::bulk
