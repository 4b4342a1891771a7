#pragma once

#include "experiments/run_context.hpp"
#include "sim/factors.hpp"
#include "sim/options.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace souk::experiments {

/// Says where the model of a generator can be read: a snapshot file. May throw.
using generator_finder = std::function<std::string(const sim::generator_options&)>;

/// Makes the worlds of a simulation. What its generators tell of tastes is worked out
/// once for all of them. One call at a time.
class world_source {
public:
  /// `data` is null for generated shops; `find` is asked for generators of kind `run`.
  world_source(sim::simulation_options options,
               std::shared_ptr<const prepared_data> data,
               std::uint64_t seed,
               generator_finder find);

  /// Makes a replicate of a generator's world. Throws `core::error`.
  std::shared_ptr<const sim::world> make(std::size_t generator,
                                         std::uint32_t replicate);

private:
  /// Factors of the training rows, or what a run's model believes.
  const sim::taste_factors& factors_of(const sim::generator_options& generator);

  sim::simulation_options options_;
  std::shared_ptr<const prepared_data> data_;
  std::uint64_t seed_;
  generator_finder find_;
  std::map<std::string, sim::taste_factors> factors_; ///< by name of run; "": fitted
};

} // namespace souk::experiments
