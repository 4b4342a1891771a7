#pragma once

#include "core/snapshot.hpp"

#include <cstdint>

namespace souk::benchmarks {

/// Returns a Mult-VAE 600/200 of random weights: as fast as a trained one.
core::snapshot random_mult_vae(std::uint32_t items);

} // namespace souk::benchmarks
