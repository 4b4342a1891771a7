#pragma once

#include "experiments/environment/conversation.hpp"
#include "experiments/environment/local_listener.hpp"

#include <atomic>
#include <cstdint>

namespace souk::experiments {

/// Serves an environment of its own to each client, up to `clients` at once, until
/// `stop` is set. A client has a thread; whatever it does ends its own environment at
/// most.
void serve(const local_listener& listener,
           const environment_options& options,
           const world_factory& make_world,
           std::uint32_t clients,
           const std::atomic<bool>& stop);

} // namespace souk::experiments
