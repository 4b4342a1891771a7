#pragma once

#include "core/span.hpp"

#include <cstdint>
#include <memory>

namespace souk::actors::bulk {

/// XXH3 (64 bits) of bytes that come one piece after another, by the widest
/// instructions of the processor. Against damage, not forgery.
class checksum {
public:
  checksum();
  ~checksum();
  checksum(checksum&&) noexcept;
  checksum& operator=(checksum&&) noexcept;

  /// Forgets what was fed.
  void reset();
  void feed(core::span<const std::uint8_t> bytes);
  std::uint64_t value() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace souk::actors::bulk
