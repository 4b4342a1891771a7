#pragma once

#include "actors/options.hpp"
#include "actors/run_files.hpp"
#include "core/interactions.hpp"
#include "core/platform.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::sim {

class world;
class policy;

} // namespace souk::sim

namespace souk::actors {

/// What every process of a run knows. Each makes its own from the same file, so that
/// messages carry numbers of things, never the things.
class run_context {
public:
  virtual ~run_context() = default;

  virtual std::uint64_t seed() const = 0;
  virtual const training_options& training() const = 0;

  /// The file's models with a learner, in order.
  virtual const std::vector<models::model_options>& learned_models() const = 0;

  /// The rows of all training users.
  virtual std::shared_ptr<const core::interactions> training_rows() const = 0;

  /// The same rows, and after them those of further users, as a file of the run has
  /// them. Throws `core::error` if it is not there.
  virtual std::shared_ptr<const core::interactions>
  training_rows_with(const std::string& further_rows) = 0;

  /// Replicate world `number` of the simulation.
  virtual std::shared_ptr<const sim::world> world(std::uint32_t number) = 0;

  /// Users per cohort, and how many cohorts there are.
  virtual std::uint32_t cohort_users() const = 0;

  /// The policy of that name with its model as first trained, version 0, or as trained
  /// for that time in that world. Throws `core::error` if there is no such model.
  virtual std::shared_ptr<const sim::policy>
  policy(const std::string& name, std::uint32_t world, std::uint32_t version) = 0;

  virtual core::numeric_platform platform() const = 0;
};

/// Makes a process's context from the resolved file and the run's files. May throw.
using context_loader = std::function<std::shared_ptr<run_context>(
  const std::string& configuration, std::shared_ptr<run_files> files)>;

} // namespace souk::actors
