#pragma once

#include "sim/catalogue.hpp"
#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// Makes a catalogue up: a tree of departments and categories of unequal size, brands,
/// item vectors that cluster by category, power-law popularity (Zipf), log-normal
/// prices, quality, keywords and launch days. Names and vocabulary depend on the
/// options only, so that queries mean the same in all worlds.
catalogue generate_catalogue(const simulation_options& options, std::uint64_t seed);

} // namespace souk::sim
