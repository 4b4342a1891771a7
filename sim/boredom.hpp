#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"
#include "sim/options.hpp"

namespace souk::sim {

/// Remembers an item that was opened: a moving mean of recent items' vectors. An item's
/// utility falls by its likeness to that mean (satiation, McAlister 1982).
void remember(const boredom_options& options,
              core::span<float> recent,
              core::span<const float> item);

/// Lets the memory fade by the time since the last session.
void fade(const boredom_options& options,
          core::span<float> recent,
          core::time_ms since_last_session);

} // namespace souk::sim
