#pragma once

#include "core/ids.hpp"
#include "sim/options.hpp"

namespace souk::sim {

/// Returns the chance that an opened item of this utility goes into the cart.
double cart_chance(const funnel_options& options, double utility);

/// Returns the chance that an item in the cart is bought.
double purchase_chance(const funnel_options& options, double utility);

/// Returns the chance that a bought item is sent back: the better, the less.
double return_chance(const funnel_options& options, double quality);

/// Returns a delay of the given mean that follows a power law (Lomax) whose density
/// falls with exponent 1 + `delay_exponent`, given a uniform draw.
core::time_ms delay(const funnel_options& options, double mean_ms, double draw);

/// Returns how many stars, 1 to 5, are given at this satisfaction with a purchase.
int stars(double experience);

} // namespace souk::sim
