#pragma once

#include "core/span.hpp"

#include <cstdint>

namespace souk::actors::bulk {

/// Copies a long piece of what is larger than caches: writes to memory past them, where
/// the processor can, so that the room's old bytes are not read first.
void large_copy(core::span<const std::uint8_t> from, std::uint8_t* to);

} // namespace souk::actors::bulk
