#pragma once

#include "core/ids.hpp"
#include "sim/interest_evolution/options.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace souk::sim::interest_evolution {

constexpr std::uint32_t num_topics = 20;

/// The videos: each has one topic and a quality.
struct documents {
  std::vector<std::uint8_t> topic;
  std::vector<float> quality;
};

/// Returns the mean quality of each topic: fourteen from -range to 0 in equal steps,
/// and six from 0 to range.
std::array<double, num_topics> topic_qualities(double range);

/// Draws the videos of `documents_seed`: topics uniform, qualities normal around their
/// topic's mean.
documents draw_documents(const interest_evolution_options& options);

} // namespace souk::sim::interest_evolution
