#include "experiments/generators.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/snapshot_file.hpp"
#include "experiments/config/document.hpp"
#include "models/model.hpp"
#include "sim/believed_tastes.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

std::vector<sim::generator_options> runs_of(const experiment& options) {
  std::vector<sim::generator_options> runs;
  if (options.simulation)
    for (const auto& generator : options.simulation->population.from)
      if (generator.kind == "run")
        runs.push_back(generator);
  return runs;
}

/// Numbers of the data's items among a model's, or `no_item`.
std::vector<core::item_id> columns_of(const prepared_data& data,
                                      const std::vector<std::string>& known) {
  std::map<std::string, core::item_id> numbers;
  for (const auto& name : known)
    numbers.emplace(name, static_cast<core::item_id>(numbers.size()));
  std::vector<core::item_id> columns;
  for (const auto item : data.split.items) {
    const auto found = numbers.find(data.dataset.item_names[item]);
    columns.push_back(found == numbers.end() ? core::no_item : found->second);
  }
  return columns;
}

/// The rows as the model numbers items, without those that it does not know.
core::interactions translated(const core::interactions& rows,
                              const std::vector<core::item_id>& columns,
                              std::size_t num_items) {
  core::interactions all;
  all.num_items = static_cast<std::uint32_t>(num_items);
  std::vector<core::item_id> row;
  for (std::size_t user = 0; user < rows.num_rows(); ++user) {
    row.clear();
    for (const auto item : rows.row(user))
      if (columns[item] != core::no_item)
        row.push_back(columns[item]);
    std::sort(row.begin(), row.end());
    all.append_row(row);
  }
  return all;
}

void check_overlap(const std::string& snapshot,
                   const std::vector<core::item_id>& columns,
                   std::uint32_t dimensions) {
  const auto unknown =
    static_cast<std::size_t>(std::count(columns.begin(), columns.end(), core::no_item));
  if (columns.size() - unknown <= dimensions)
    throw core::error::request(
      "it knows " + std::to_string(columns.size() - unknown) + " of the data's "
        + std::to_string(columns.size()) + " items",
      snapshot, "simulation.population.from needs a model of the same data");
  if (unknown > 0)
    core::log::warning(snapshot + " does not know " + std::to_string(unknown) + " of "
                       + std::to_string(columns.size())
                       + " items: they are to nobody's taste");
}

} // namespace

std::string generator_entry(const sim::generator_options& generator) {
  return "generators/" + generator.name + ".h5";
}

std::string model_of_run(const sim::generator_options& generator) {
  return fs::is_directory(generator.path) ? generator.path + "/model.h5"
                                          : generator.path;
}

void check_generators(const document& file, const experiment& options) {
  for (const auto& generator : runs_of(options))
    try {
      data::read_snapshot(model_of_run(generator));
    } catch (const core::error& wrong) {
      throw file.error_at("simulation.population.from",
                          "has no model to draw from: " + std::string{wrong.what()},
                          "name factors, bootstrap, or the folder of a finished run");
    }
}

std::vector<std::string> keep_generators(run_state& run) {
  std::vector<std::string> entries;
  core::digest whole;
  for (const auto& generator : runs_of(run.options)) {
    entries.push_back(generator_entry(generator));
    const auto kept = *run.directory / entries.back();
    fs::create_directories(fs::path{kept}.parent_path());
    const auto stored = data::read_snapshot(model_of_run(generator));
    data::write_snapshot(kept, stored.model, stored.vocabulary);
    // Seconds now, rather than a refusal when everything is trained.
    believed_tastes(kept, *run.data, *run.options.simulation);
    whole.feed(std::string_view{generator.name});
    whole.feed(std::string_view{core::digest_of(stored.model)});
  }
  if (!entries.empty())
    run.record.digests["generators"] = whole.finish();
  return entries;
}

void warn_of_generators_among_policies(const run_state& run) {
  for (const auto& generator : runs_of(run.options)) {
    const auto believer = core::digest_of(
      data::read_snapshot(*run.directory / generator_entry(generator)).model);
    for (const auto& model : run.options.all_models()) {
      const auto path = *run.directory / snapshot_entry(run.options, model.name);
      if (core::digest_of(data::read_snapshot(path).model) == believer)
        core::log::warning("simulation.population.from: " + generator.name
                           + " is the policy " + model.name
                           + " to the bit, which is judged by its own belief; train "
                             "one of them with another seed");
    }
  }
}

sim::taste_factors believed_tastes(const std::string& snapshot,
                                   const prepared_data& data,
                                   const sim::simulation_options& options) {
  auto stored = data::read_snapshot(snapshot);
  const auto columns = columns_of(data, stored.vocabulary.items);
  const auto dimensions = options.tastes.dimensions;
  check_overlap(snapshot, columns, dimensions);
  const auto rows =
    translated(data.split.training, columns, stored.vocabulary.items.size());
  const auto model = models::make_recommender(std::move(stored.model), 1);
  auto tastes = sim::fit_believed_tastes(*model, rows, dimensions);
  std::vector<float> items(columns.size() * tastes.dimensions);
  for (std::size_t item = 0; item < columns.size(); ++item)
    if (columns[item] != core::no_item)
      std::copy_n(tastes.items.begin() + columns[item] * tastes.dimensions,
                  tastes.dimensions, items.begin() + item * tastes.dimensions);
  tastes.items = std::move(items);
  return tastes;
}

} // namespace souk::experiments
