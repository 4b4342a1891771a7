#pragma once

#include "core/span.hpp"

namespace souk::sim {

/// Moves a taste towards an item that was consumed: t <- (1 - rate) t + rate * sqrt(d)
/// x. An item's vector has length 1 and a taste length sqrt(d) on average, so a taste
/// keeps its length (after the evolving interests of RecSim, Ie et al. 2019).
void drift_towards(core::span<float> taste, core::span<const float> item, double rate);

} // namespace souk::sim
