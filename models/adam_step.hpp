#pragma once

#include "models/kernels/adam.hpp"
#include "models/model_options.hpp"
#include "models/optimiser.hpp"

#include <cstdint>

namespace souk::models {

/// Returns the numbers of Adam's step `step`, counted from 1.
kernels::adam_coefficients adam_step(const adam_options& options, std::uint64_t step);

/// Applies a step to what a gradient's numbers belong to: as many of the arena from
/// `begin` on.
void apply_adam(const kernels::adam_coefficients& with,
                core::span<const float> gradient,
                std::uint64_t begin,
                const optimiser_state& arena);

} // namespace souk::models
