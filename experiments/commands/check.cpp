#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/blocks.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/document.hpp"
#include "experiments/experiment.hpp"
#include "experiments/generators.hpp"

#include <iostream>

namespace souk::experiments {

void check_experiment(const command& request) {
  auto file = document::load(request.files.at(0), request.overrides);
  const auto read = read_experiment(file);
  use_numerics(read);
  warn_of_unused(read);
  check_generators(file, read);
  std::cout << file.resolved() << std::flush;
  if (read.training.placement.kind == actors::placement_kind::by_range)
    core::log::info(trainers_in_words(read));
}

} // namespace souk::experiments
