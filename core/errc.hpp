#pragma once

#include <cstdint>
#include <string>

namespace souk::core {

/// Every refusal that a caller is expected to handle.
enum class errc : std::uint8_t {
  none = 0,
  /// A gradient belongs to a step that its server has already applied.
  stale_gradient,
  /// Two sides disagree about the length or the shape of a tensor.
  shape_mismatch,
  /// A ticket names bytes that its owner does not (or no longer) hold.
  unknown_ticket,
  /// The bytes behind a ticket are no tensor, or the conversation about it is damaged.
  corrupt_payload,
  /// A length exceeds what its reader is ready to allocate.
  too_large,
  /// A request came from an older generation of the cluster.
  old_generation,
  /// A node has another souk version or another numeric platform.
  incompatible_node,
  /// A request names a role, a step or a stage that is not there (yet).
  not_ready,
  /// Something broke while a request was served; the text says what.
  failed,
};

/// Returns the enumerator's name.
std::string to_string(errc code);

} // namespace souk::core
