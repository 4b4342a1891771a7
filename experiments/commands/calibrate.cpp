#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/behaviour_source.hpp"
#include "experiments/calibration/block_text.hpp"
#include "experiments/calibration/calibration.hpp"
#include "experiments/calibration/log_items.hpp"
#include "experiments/calibration/parameters.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/scalar.hpp"
#include "experiments/number_words.hpp"
#include "experiments/progress_bar.hpp"

#include <iostream>

namespace souk::experiments {

namespace {

/// Worlds of the search know no people but the log's, of whom nothing is known before.
void check_start(const sim::simulation_options& start, const std::string& from) {
  const auto& population = start.population;
  if (population.from.size() != 1 || population.from.front().kind != "factors"
      || population.history != "none")
    throw core::error::request("simulation.population has generators or histories",
                               from, "calibrate with from: factors and history: none");
  if (sim::is_published_model(start))
    throw core::error::request("simulation.preset is a published model, whose "
                               "parameters are what they are",
                               from, "start from default or stationary");
}

} // namespace

void calibrate_to_log(const command& request) {
  const auto& words = request.calibrate;
  const auto& log_path = request.files.at(0);
  check_folder_of(request.out);
  const auto start = read_simulation_block(words.from);
  check_start(start, words.from);
  progress_bar bar;
  core::silent_progress silence;
  auto& progress = request.quiet ? static_cast<core::progress&>(silence) : bar;
  auto log = read_behaviour(log_path, "", progress);
  auto source = log_path;
  auto share = 1.0; // of what was chosen, in the part that is fitted
  if (log.has_times && words.early < 1) {
    const auto all = count_choices(log);
    log = part_of(log, 0, words.early);
    source = "the first " + percent_text(words.early) + " of the time of " + log_path;
    share = static_cast<double>(count_choices(log)) / static_cast<double>(all);
  }
  const auto fitted = calibrate(log, start, {words.seed, words.evaluations, 2},
                                progress, interrupt_requested);
  bar.clear();
  if (start.catalogue.from == "dataset" && share < 1)
    source += ", over its items and users (data.split: {kind: by_time, train_until: "
              + in_yaml(to_scalar(four_digits(share))) + "})";
  source += " (seed " + std::to_string(words.seed) + ", "
            + std::to_string(words.evaluations) + " evaluations)";
  const auto text = block_text(fitted, words.from, source);
  if (request.out.empty()) {
    std::cout << text << std::flush;
    return;
  }
  write_file_atomically(request.out, text);
  core::log::info("calibrated: " + request.out);
}

} // namespace souk::experiments
