#pragma once

#include "sim/dataset_catalogue.hpp"
#include "sim/world.hpp"

#include <cstdint>

namespace souk::sim {

/// Makes the parts of a world over a dataset's items, whose shoppers are those of one
/// of `population.from`. Throws `error` of the request where there is no dataset, too
/// little of it, or nobody to be drawn from.
world_parts dataset_parts(const simulation_options& options,
                          const catalogue_source& source,
                          std::uint64_t seed);

/// Fits the factors of `tastes.dimensions` to a split's training rows. They are the
/// data's, not drawn: all worlds have the same.
taste_factors fit_factors(const simulation_options& options, const core::split& split);

} // namespace souk::sim
