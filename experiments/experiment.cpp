#include "experiments/experiment.hpp"

#include "core/log.hpp"
#include "experiments/blocks.hpp"
#include "experiments/config/document.hpp"
#include "experiments/config/suggestion.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <set>

namespace souk::experiments {

namespace {

void read_head(section& root, experiment& read) {
  std::uint32_t version = 1;
  root.require("souk", version, between(1, 1));
  root.require("name", read.name, file_name("is no name for a run"));
  root.require("seed", read.seed);
  auto math = root.at("math");
  std::string isa = "auto";
  math.read("isa", isa, one_of({"auto", "avx2", "avx512", "amx"}));
  math.finish();
  read.isa = core::isa_named(isa); // auto is none
}

/// Names have to be unique: they name files, rows and policies.
void check_names(const document& file, const experiment& read) {
  std::set<std::string> names;
  if (read.model)
    names.insert(read.model->name);
  for (std::size_t i = 0; i < read.baselines.size(); ++i)
    if (!names.insert(read.baselines[i].name).second)
      throw file.error_at("baselines[" + std::to_string(i) + "]",
                          "has the same name as another model: "
                            + read.baselines[i].name,
                          "give it another one with name: ...");
}

/// A file without data describes a generated shop, in which nobody learns.
void check_data(const document& file, const experiment& read) {
  if (read.data)
    return;
  if (!read.simulation)
    throw file.error_at("", "has neither data: nor simulation:",
                        "say what to learn from (data:), or whom to simulate");
  const std::string remedy =
    "add a data: block; a generated shop to learn from is data.source.kind: simulated";
  if (read.simulation->catalogue.from == "dataset")
    throw file.error_at("simulation.catalogue.from", "there is no dataset in this file",
                        "use generated, or add a data: block");
  if (read.model)
    throw file.error_at("model", "there is no data to learn from", remedy);
  if (!read.baselines.empty())
    throw file.error_at("baselines", "there is no data to learn from", remedy);
  if (read.evaluation)
    throw file.error_at("evaluation", "there is no data to judge by", remedy);
}

/// Policies that need no model: those that every shop has, and one that a generated
/// shop has, which knows what its items' popularity was drawn from.
std::vector<std::string> policies_without_model(const sim::simulation_options& shop) {
  if (sim::is_published_model(shop)) // whose users do not search
    return {"random", "popularity"};
  if (shop.catalogue.from == "generated")
    return {"random", "popularity", "bm25", "reference"};
  return {"random", "bm25", "reference"};
}

/// Returns what policies may be, or start from: those that need no model, and models.
std::vector<std::string> known_policies(const experiment& read) {
  auto known = policies_without_model(*read.simulation);
  for (const auto& model : read.all_models())
    if (read.models_know_items()
        && std::find(known.begin(), known.end(), model.name) == known.end())
      known.push_back(model.name);
  return known;
}

/// Thompson draws from a posterior, which only a Mult-VAE has.
void check_model_of(const document& file,
                    const std::string& key,
                    const sim::policy_options& policy,
                    const experiment& read) {
  for (const auto& model : read.all_models())
    if (model.name == policy.of) {
      if (policy.kind == "thompson" && model.options.kind != "mult_vae")
        throw file.error_at(key + ".of", policy.of + " has no posterior to draw from",
                            "name a model of kind mult_vae");
      return;
    }
  throw file.error_at(key + ".of", "is no model of this file: " + policy.of,
                      policy.kind + " needs a model's scores");
}

/// Only a model learns, and only one that the file alone decides can be trained again
/// to the same bits.
void check_retraining(const document& file,
                      const std::string& key,
                      const sim::policy_options& policy,
                      const experiment& read) {
  if (policy.retrain_every == 0)
    return;
  const auto all = read.all_models();
  const auto model = std::find_if(all.begin(), all.end(), [&](const auto& each) {
    return each.name == sim::recommends_with(policy);
  });
  if (model == all.end())
    throw file.error_at(key + ".retrain_every",
                        sim::recommends_with(policy) + " learns nothing",
                        "retrain a model of the file, or leave retrain_every out");
  for (const auto& generator : read.simulation->population.from)
    if (generator.kind == "bootstrap")
      throw file.error_at(key + ".retrain_every",
                          "would learn from copies of the few real users whom shoppers "
                          "are drawn from",
                          "leave it out, or use population.from: factors");
  if (sim::is_published_model(*read.simulation))
    throw file.error_at(key + ".retrain_every",
                        "comes too late: nobody of " + read.simulation->preset
                          + " is there for a day",
                        "leave it out");
  const auto has_steps = models::has_learner(model->options);
  if (policy.retrain_epochs && !has_steps)
    throw file.error_at(key + ".retrain_epochs",
                        model->name + " is fitted at once, not in epochs",
                        "leave it out");
  if (has_steps && !read.training.consistency.has_one_answer())
    throw file.error_at(key + ".retrain_every",
                        "under training.consistency "
                          + word_for(read.training.consistency.kind)
                          + " nobody could repeat what was learnt",
                        "train with bsp, ssp of staleness 0 or local_sgd");
  if (!is_file_name(policy.name))
    throw file.error_at(key + ".name", "is no name for a folder",
                        "use letters, digits, _ - and . only");
}

std::string how_models_know_items(const sim::simulation_options& options) {
  if (sim::is_published_model(options))
    return "let them learn from users of the preset (data.source.kind: simulated)";
  return "use catalogue.from: dataset (a generated shop to train on is "
         "data.source.kind: simulated)";
}

void check_policies(const document& file, const experiment& read) {
  if (!read.simulation)
    return;
  const auto known = known_policies(read);
  const auto is_known = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  const auto& policies = read.simulation->policies;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const auto& policy = policies[i];
    const auto key = "simulation.policies[" + std::to_string(i) + "]";
    const auto& base = sim::recommends_with(policy);
    if (!read.models_know_items() && !is_known(base))
      throw file.error_at(key, "models of a dataset cannot recommend generated items",
                          suggestion(base, known) + ", or "
                            + how_models_know_items(*read.simulation));
    if (!is_known(base))
      throw file.error_at(key, "is no model of this file: " + base,
                          suggestion(base, known));
    if (sim::needs_model(policy))
      check_model_of(file, key, policy, read);
    check_retraining(file, key, policy, read);
  }
}

void check_cluster(const document& file, const experiment& read) {
  const auto& placement = read.training.placement;
  if (placement.kind == actors::placement_kind::by_item
      && read.cluster.parameter_servers > placement.ranges)
    throw file.error_at("cluster.parameter_servers",
                        "are more than training.placement.ranges ("
                          + std::to_string(placement.ranges) + ")",
                        "every server needs a range of items: use at most "
                          + std::to_string(placement.ranges)
                          + " servers, or more ranges (which changes the numbers)");
}

/// Some limits involve several keys; the room that owns them checks and names one.
void check_simulation(const document& file, const experiment& read) {
  if (!read.simulation)
    return;
  try {
    sim::validate(*read.simulation);
  } catch (const core::error& wrong) {
    // "simulation.days: is longer than ten years; give at most 3650"
    const std::string text = wrong.what();
    const auto key = text.substr(0, text.find(": "));
    throw file.error_at(key, text.substr(std::min(text.size(), key.size() + 2)));
  }
}

} // namespace

std::vector<named_model> experiment::all_models() const {
  std::vector<named_model> all;
  if (model)
    all.push_back(*model);
  all.insert(all.end(), baselines.begin(), baselines.end());
  return all;
}

bool experiment::models_know_items() const {
  if (sim::is_published_model(*simulation))
    return data && data->source.kind == "simulated";
  return simulation->catalogue.from == "dataset";
}

bool experiment::is_recommender(const std::string& policy) const {
  const auto all = all_models();
  return models_know_items()
         && std::any_of(all.begin(), all.end(),
                        [&](const auto& each) { return each.name == policy; });
}

void warn_of_unused(const experiment& options) {
  if (options.training.placement.kind == actors::placement_kind::by_item
      && options.cluster.trainers > 1)
    core::log::warning(
      "cluster.trainers: placement by_item trains with one trainer; it "
      "gets the threads of all "
      + std::to_string(options.cluster.trainers));
  if (options.training.precision == models::precision::bf16 && !options.isa
      && core::has_isa(core::isa::amx))
    core::log::warning("training.precision: this processor has AMX for bf16, which is "
                       "not used unasked, since its bits are others; ask with math: "
                       "{isa: amx}");
  if (options.data && options.data->source.kind == "given_split"
      && options.data->split.kind != "given")
    core::log::warning("data.split: " + options.data->split.kind
                       + " draws another split than the one that comes with the data; "
                         "leave the block out, or say kind: given, to take that one");
  if (!options.simulation)
    return;
  const simulated_source ordinary;
  if (sim::is_published_model(*options.simulation) && options.data
      && (options.data->simulated.items != ordinary.items
          || options.data->simulated.days != ordinary.days))
    core::log::warning("data.source: items and days say nothing of users of "
                       + options.simulation->preset
                       + ", who have the products of simulation."
                       + options.simulation->preset);
  for (const auto& policy : options.simulation->policies)
    if (policy.retrain_every >= options.simulation->days * core::day_ms)
      core::log::warning(
        "simulation.policies: " + policy.name
        + " is to learn when the simulation is over, so it never does");
}

void use_numerics(const experiment& options) {
  if (options.isa)
    models::use_isa(*options.isa);
  models::check_precision(options.training.precision);
}

experiment read_experiment(document& file) {
  experiment read;
  auto root = file.root();
  read_head(root, read);
  if (root.has("data"))
    read_data(root.at("data"), read.data.emplace());
  if (root.has("model"))
    read.model = read_model(root.variant("model", ""));
  for (auto& entry : root.variants("baselines"))
    read.baselines.push_back(read_model(entry));
  read_training(root.at("training"), read.training);
  if (root.has("evaluation"))
    read_evaluation(root.at("evaluation"), read.evaluation.emplace());
  if (root.has("simulation"))
    read.simulation = read_simulation(root.at("simulation"));
  read_cluster(root.at("cluster"), read.cluster);
  auto report = root.at("report");
  report.read("html", read.html_report);
  report.finish();
  root.finish();
  file.finish();
  check_data(file, read);
  check_names(file, read);
  check_cluster(file, read);
  check_trainers(root.at("cluster"), read);
  check_simulation(file, read);
  check_policies(file, read);
  return read;
}

} // namespace souk::experiments
