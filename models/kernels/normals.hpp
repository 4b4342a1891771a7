#pragma once

#include "core/random.hpp"

namespace souk::models::kernels {

/// Draws what `core::fill_normals` draws, to the bit, with many lanes at a time.
void draw_normals(const core::draw_site& site, core::span<float> out);

} // namespace souk::models::kernels
