#include "sim/options.hpp"

#include "sim/published_models.hpp"

namespace souk::sim {

std::uint32_t num_worlds(const simulation_options& options) {
  return options.worlds * static_cast<std::uint32_t>(options.population.from.size());
}

std::size_t generator_of(const simulation_options& options, std::uint32_t world) {
  return world / options.worlds;
}

std::uint32_t replicate_of(const simulation_options& options, std::uint32_t world) {
  return world % options.worlds;
}

bool is_published_model(const simulation_options& options) {
  return options.preset == "reco_gym" || options.preset == "interest_evolution";
}

simulation_options preset_options(const std::string& preset) {
  simulation_options options;
  options.preset = preset;
  if (is_published_model(options))
    set_published_defaults(options);
  if (preset == "stationary") {
    options.drift.click_rate = 0;
    options.drift.purchase_rate = 0;
    options.boredom.weight = 0;
    options.churn.chance = 0;
    options.satisfaction.arrival_gain = 0;
  }
  validate(options); // an unknown preset is refused there
  return options;
}

} // namespace souk::sim
