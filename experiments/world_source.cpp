#include "experiments/world_source.hpp"

#include "core/random.hpp"
#include "experiments/generators.hpp"
#include "sim/dataset_parts.hpp"
#include "sim/world.hpp"

namespace souk::experiments {

world_source::world_source(sim::simulation_options options,
                           std::shared_ptr<const prepared_data> data,
                           std::uint64_t seed,
                           generator_finder find)
  : options_{std::move(options)}, data_{std::move(data)}, seed_{seed}, find_{std::move(
                                                                         find)} {
  // nop
}

std::shared_ptr<const sim::world> world_source::make(std::size_t generator,
                                                     std::uint32_t replicate) {
  sim::catalogue_source source;
  source.generator = generator;
  if (data_) {
    source.dataset = &data_->dataset;
    source.split = &data_->split;
  }
  if (options_.catalogue.from == "dataset")
    source.factors = &factors_of(options_.population.from[generator]);
  return sim::make_world(options_, source, core::derive_seed(seed_, replicate));
}

const sim::taste_factors&
world_source::factors_of(const sim::generator_options& generator) {
  const auto is_run = generator.kind == "run";
  const auto [found, is_new] =
    factors_.try_emplace(is_run ? generator.name : std::string{});
  if (is_new && is_run)
    found->second = believed_tastes(find_(generator), *data_, options_);
  else if (is_new)
    found->second = sim::fit_factors(options_, data_->split);
  return found->second;
}

} // namespace souk::experiments
