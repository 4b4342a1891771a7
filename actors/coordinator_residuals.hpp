#pragma once

#include "actors/coordinator.hpp"

namespace souk::actors {

// "Residuals" are all tensors that trainers keep from step to step: what compression
// left out, or the moments of replicas (see trainer_residuals.hpp).

/// Hands the residuals that training starts from, or zeros, to the trainers.
void install_residuals_everywhere(coordinator_pointer self,
                                  coordinator_step then,
                                  coordinator_failure failed);

/// Gathers all residuals at the present step from the trainers.
void gather_residuals(coordinator_pointer self,
                      coordinator_step then,
                      coordinator_failure failed);

/// Views what was gathered, by number.
std::vector<core::span<const float>> whole_residuals(const coordinator_state& state);

} // namespace souk::actors
