#include "sim/reco_gym/products.hpp"

#include "core/random.hpp"

namespace souk::sim::reco_gym {

products draw_products(const reco_gym_options& options) {
  products drawn;
  drawn.count = options.products;
  drawn.dimensions = options.dimensions;
  for (core::item_id product = 0; product < drawn.count; ++product) {
    const core::draw_site site{options.products_seed, core::stream::catalogue, product,
                               0};
    for (std::uint32_t k = 0; k < drawn.dimensions; ++k)
      drawn.vectors.push_back(static_cast<float>(core::normal(site, k)));
    drawn.offsets.push_back(
      static_cast<float>(options.sigma_mu * core::normal(site, drawn.dimensions)));
  }
  return drawn;
}

} // namespace souk::sim::reco_gym
