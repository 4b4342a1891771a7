#pragma once

#include "core/dataset.hpp"
#include "sim/catalogue.hpp"
#include "sim/factors.hpp"
#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// Where a catalogue and its shoppers come from: a dataset and its split, or nothing
/// (generated).
struct catalogue_source {
  const core::dataset* dataset = nullptr;
  const core::split* split = nullptr;
  std::size_t generator = 0; ///< which of `population.from`
  /// What that generator tells of tastes; null: factors are fitted to the training
  /// rows.
  const taste_factors* factors = nullptr;
};

/// Makes a catalogue of a split's items: item number c is column c of its matrices.
///
/// Popularity is that of the training rows, item vectors are the fitted factors'. The
/// category is the first value of an attribute named genres, genre, class, category or
/// department, else of the first attribute with at most 200 values, else the direction
/// in which the item's vector is longest. Prices are those of an attribute named price,
/// else the mean price of the item's events; missing ones, quality and launches are
/// drawn.
catalogue catalogue_of_dataset(const simulation_options& options,
                               const catalogue_source& source,
                               const taste_factors& factors,
                               std::uint64_t seed);

} // namespace souk::sim
