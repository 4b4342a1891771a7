#pragma once

#include "core/ids.hpp"
#include "sim/reco_gym/options.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim::reco_gym {

/// What is shown and viewed. A user of taste omega views product p with a probability
/// proportional to exp(vector_p . omega + offset_p), and clicks on it with
/// `click_law` of the same sum (the published default, in which nothing is flipped
/// between both).
struct products {
  std::uint32_t count = 0;
  std::uint32_t dimensions = 0;
  std::vector<float> vectors; ///< [count, dimensions], standard normal
  std::vector<float> offsets; ///< [count], normal with sd `sigma_mu`
};

/// Draws the products of `products_seed`.
products draw_products(const reco_gym_options& options);

} // namespace souk::sim::reco_gym
