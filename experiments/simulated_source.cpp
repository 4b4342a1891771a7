#include "experiments/simulated_source.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "sim/warm_up.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <string>

namespace souk::experiments {

namespace {

/// Replicate worlds are numbered from 0; the shop that models train on is none of them.
constexpr std::uint64_t source_world = 0xFFFFFFFF;

} // namespace

core::dataset simulate_source(const experiment& options, core::progress& progress) {
  const auto& source = options.data->simulated;
  // People behave as in the simulation that follows, if there is one.
  sim::simulation_options shop;
  if (options.simulation)
    shop = *options.simulation;
  shop.catalogue.from = "generated";
  shop.catalogue.items = source.items;
  shop.population.users = source.users;
  if (!sim::is_published_model(shop))
    shop.days = source.days;
  sim::validate(shop);
  const auto world =
    sim::make_world(shop, {}, core::derive_seed(options.seed, source_world));
  const auto log = sim::simulate_warm_up(world, "random");
  progress.advance("simulating the source", shop.days, shop.days, "days", "");
  auto made = sim::dataset_of(*world, log.records);
  made.name = "simulated";
  return made;
}

void check_all_seen(const experiment& options, const prepared_data& data) {
  if (!options.simulation || !sim::is_published_model(*options.simulation))
    return;
  const auto& policies = options.simulation->policies;
  const auto seen = data.split.items.size();
  const auto all = data.dataset.item_names.size();
  const auto learns = [&](const auto& policy) {
    return options.is_recommender(sim::recommends_with(policy));
  };
  if (seen < all && std::any_of(policies.begin(), policies.end(), learns))
    throw core::error::request("training users have seen " + std::to_string(seen)
                                 + " of the " + std::to_string(all)
                                 + " products that models are to recommend",
                               "data.source",
                               "let more users be there to learn from, or have fewer "
                               "products");
}

} // namespace souk::experiments
