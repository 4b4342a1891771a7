#pragma once

#include "core/tensor_ticket.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <vector>

namespace souk::tests {

/// What a good peer of CAF says once it was let in: who it is, which is the process of
/// that number, a heartbeat, and requests that an actor says the number 7 again.
/// Answers go to the peer's actor `answers_to`.
std::vector<char> good_control_words(caf::actor_system& system,
                                     std::uint64_t actor,
                                     std::uint32_t process);

constexpr std::uint64_t answers_to = 99;

/// What a good fetcher says: its hello, and requests for a tensor.
std::vector<char> good_bulk_words(const core::tensor_ticket& ticket);

} // namespace souk::tests
