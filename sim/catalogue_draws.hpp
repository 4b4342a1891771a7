#pragma once

#include "sim/catalogue.hpp"
#include "sim/options.hpp"

#include <cstdint>
#include <vector>

/// What catalogues of both origins draw alike. All draws are named by the world's seed
/// and the item (or category) alone.
namespace souk::sim {

/// Returns values shifted and scaled to mean 0 and variance 1 (zeros if all are equal).
std::vector<float> standardised(const std::vector<double>& values);

/// Fills `appeal` from `popularity`.
void fill_appeal(catalogue& items);

/// Draws `quality`, correlated with `appeal`.
void draw_quality(catalogue& items,
                  const catalogue_options& options,
                  std::uint64_t seed);

/// Draws `price_cents`, log-normal within each category around a log-normal median of
/// its own, and dearer where quality is better; fills `price_level`.
void draw_prices(catalogue& items,
                 const catalogue_options& options,
                 std::uint64_t seed);

/// Takes known prices (per unit; 0 = unknown) and draws those missing around the median
/// of the category; fills `price_level`. All unknown is `draw_prices`.
void complete_prices(catalogue& items,
                     const std::vector<double>& known,
                     const catalogue_options& options,
                     std::uint64_t seed);

/// Draws which items are launched during the run, and on which of days 1, 2, ...
void draw_launches(catalogue& items,
                   const simulation_options& options,
                   std::uint64_t seed);

/// Fills `terms`, `term_offsets` and `item_terms` from lists of each item's terms, and
/// adds words for what is cheap, premium and top rated. The vocabulary is the same in
/// all worlds.
void fill_terms(catalogue& items,
                std::vector<std::string> vocabulary,
                std::vector<std::vector<std::uint32_t>> terms_by_item);

} // namespace souk::sim
