#include "experiments/blocks.hpp"

#include <filesystem>
#include <utility>

namespace souk::experiments {

namespace {

/// A word that is no kind is the path of a run.
sim::generator_options read_generator(section generator) {
  sim::generator_options options;
  generator.require("kind", options.kind, not_empty());
  options.name = options.kind;
  if (options.kind == "bootstrap")
    generator.read("wanted", options.wanted, between(0, 100));
  if (options.kind == "run")
    generator.require("path", options.path, not_empty());
  else if (options.kind != "factors" && options.kind != "bootstrap")
    options.path = std::exchange(options.kind, "run");
  if (options.kind == "run") {
    const auto path = std::filesystem::path{options.path}.lexically_normal();
    options.name = (path.has_filename() ? path : path.parent_path()).stem().string();
  }
  generator.read("name", options.name, file_name("is no name for a file"));
  if (!is_file_name(options.name)) // a run's own
    throw generator.error_at("",
                             "needs a name: " + options.name + " is none for a file",
                             "give it one with name: ...");
  generator.finish();
  return options;
}

/// Reads who stands behind the shoppers, where there are real people.
void read_generators(section& population,
                     bool has_dataset,
                     sim::population_options& options) {
  for (const auto* key : {"from", "history"})
    if (!has_dataset && population.has(key))
      throw population.error_at(key, "has no meaning in a generated shop",
                                "use simulation.catalogue.from: dataset, or leave it "
                                "out");
  if (!has_dataset)
    return;
  options.from.clear();
  for (auto& entry : population.one_or_more("from", {"factors"}))
    options.from.push_back(read_generator(entry));
  population.read("history", options.history, one_of({"none", "real"}));
}

} // namespace

void read_population(section population,
                     bool has_dataset,
                     sim::population_options& options) {
  read_generators(population, has_dataset, options);
  population.read("users", options.users, positive() & at_most(100000000));
  population.read("cohort", options.cohort, positive());
  population.read("newcomer_share", options.newcomer_share, between(0, 1));
  population.read("anonymous_share", options.anonymous_share, between(0, 1));
  population.read("login_chance", options.login_chance, between(0, 1));
  population.read("attributes_known", options.attributes_known, between(0, 1));
  population.finish();
}

} // namespace souk::experiments
