#pragma once

#include "models/kernels/adam.hpp"
#include "models/model_options.hpp"

#include <cstdint>

namespace souk::models {

/// Returns the numbers of Adam's step `step`, counted from 1.
kernels::adam_coefficients adam_step(const adam_options& options, std::uint64_t step);

} // namespace souk::models
