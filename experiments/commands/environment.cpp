#include "core/at_end.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/import.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/document.hpp"
#include "experiments/environment/environment_flags.hpp"
#include "experiments/environment/server.hpp"
#include "experiments/generators.hpp"
#include "experiments/progress_bar.hpp"
#include "experiments/run_context.hpp"
#include "experiments/simulated_source.hpp"
#include "experiments/world_source.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

std::string own_path(const std::string& ending) {
  const auto* runtime = std::getenv("XDG_RUNTIME_DIR");
  const auto folder =
    runtime && *runtime ? fs::path{runtime} : fs::temp_directory_path();
  return (folder / ("souk-" + std::to_string(getpid()) + ending)).string();
}

local_listener listener_of(const environment_words& words) {
  if (words.port)
    return local_listener::at_port(*words.port);
  return local_listener::at_path(words.socket.value_or(own_path(".socket")));
}

core::dataset dataset_of(const experiment& options, core::progress& progress) {
  if (options.data->source.kind == "simulated")
    return simulate_source(options, progress);
  const auto quarantine = own_path("-quarantine.tsv");
  const core::at_end tidy{[&] {
    std::error_code ignored;
    fs::remove(quarantine, ignored);
  }};
  auto made = data::import_source(options.data->source, options.data->clean,
                                  options.data->pseudonymise, quarantine, progress);
  core::log::info(made.report.to_text());
  return std::move(made.dataset);
}

/// What the catalogue is made from; null where it is generated.
std::shared_ptr<const prepared_data> data_of(const experiment& options, bool quiet) {
  if (options.simulation->catalogue.from == "generated")
    return nullptr;
  progress_bar bar;
  core::silent_progress silence;
  auto& progress = quiet ? static_cast<core::progress&>(silence) : bar;
  auto data = prepare(dataset_of(options, progress), options);
  bar.clear();
  return data;
}

} // namespace

void serve_environments(const command& request) {
  auto file = document::load(request.files.at(0), request.overrides);
  const auto read = read_experiment(file);
  if (!read.simulation)
    throw file.error_at("", "has no simulation: block",
                        "say who shops and what for sale is: simulation: {catalogue: "
                        "{from: generated}}");
  if (sim::is_published_model(*read.simulation))
    throw file.error_at("simulation.preset",
                        read.simulation->preset
                          + " has no sessions of slates to step through",
                        "use default or stationary");
  const auto options = options_of(request.environment, read.name, *read.simulation);
  const auto data = data_of(read, request.quiet);
  check_generators(file, read);
  world_source source{options.shop, data, read.seed, model_of_run};
  const world_factory make_world = [&](std::uint32_t number) {
    return source.make(/*generator=*/0, number);
  };
  make_world(options.first_world); // what is wrong with a file is said before it serves
  const auto listener = listener_of(request.environment);
  core::log::info("environment of " + std::to_string(options.shop.population.users)
                  + " users at " + listener.address() + "; Ctrl-C ends it");
  std::cout << listener.address() << std::endl;
  serve(listener, options, make_world, request.environment.clients,
        interrupt_requested);
}

} // namespace souk::experiments
