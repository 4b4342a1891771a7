#pragma once

#include "actors/coordinator.hpp"

namespace souk::actors {

/// What goes on when all residuals are where they belong, and what if that fails.
using coordinator_pointer =
  messages::coordinator_actor::stateful_pointer<coordinator_state>;
using coordinator_step = void (*)(coordinator_pointer);
using coordinator_failure = void (*)(coordinator_pointer, const caf::error&);

/// Hands the residuals that training starts from, or zeros, to the trainers.
void install_residuals_everywhere(coordinator_pointer self,
                                  coordinator_step then,
                                  coordinator_failure failed);

/// Gathers the residuals of all blocks at the present step from the trainers.
void gather_residuals(coordinator_pointer self,
                      coordinator_step then,
                      coordinator_failure failed);

/// Views what was gathered, by block.
std::vector<core::span<const float>> whole_residuals(const coordinator_state& state);

} // namespace souk::actors
