#include "tests/experiments/sample_experiment.hpp"

namespace souk::experiments {

const char* const right_sample = "souk: 1\n"
                                 "name: sample\n"
                                 "seed: 7\n"
                                 "model:\n"
                                 "  hidden: [600, 200]\n"
                                 "  kl: {cap: 0.1}\n"
                                 "training:\n"
                                 "  epochs: 3\n"
                                 "  consistency: {kind: ssp, staleness: 2}\n"
                                 "baselines: [popularity, {kind: ease, l2: 250}]\n"
                                 "simulation: {days: 14, tick: 30m}\n"
                                 "cluster: {trainers: 2}\n";

namespace {

void read_model(section model, sample_experiment& options) {
  model.read("kind", options.kind, one_of({"mult_vae", "mult_dae", "ease"}));
  if (options.kind != "ease") {
    model.read("hidden", options.hidden, positive() & not_empty());
    model.read("latent", options.latent, positive());
    model.read("dropout", options.dropout, from_to_below(0, 1));
  }
  if (options.kind == "mult_vae") {
    auto kl = model.at("kl");
    kl.read("cap", options.kl_cap, not_negative());
    kl.finish();
  }
  model.finish();
}

void read_training(section training, sample_experiment& options) {
  training.read("epochs", options.epochs, positive());
  training.read("blocks", options.blocks, power_of_two());
  training.read("patience", options.patience, positive() & or_word("never"));
  auto optimiser = training.variant("optimiser", "adam");
  std::string kind;
  optimiser.read("kind", kind, one_of({"adam"}));
  optimiser.read("learning_rate", options.learning_rate, positive());
  auto consistency = training.variant("consistency", "bsp");
  consistency.read_word<sample_consistency>(
    "kind", options.consistency,
    {{"bsp", sample_consistency::bsp}, {"ssp", sample_consistency::ssp}});
  if (options.consistency == sample_consistency::ssp)
    consistency.read("staleness", options.staleness, between(0, 64));
  consistency.finish();
  training.finish();
}

std::vector<sample_baseline> read_baselines(section root) {
  std::vector<sample_baseline> baselines;
  for (auto& entry : root.variants("baselines")) {
    sample_baseline baseline;
    entry.require("kind", baseline.kind, one_of({"popularity", "item_knn", "ease"}));
    if (baseline.kind == "item_knn")
      entry.read("neighbours", baseline.neighbours, positive());
    if (baseline.kind == "ease")
      entry.read("l2", baseline.l2, positive());
    entry.finish();
    baselines.push_back(baseline);
  }
  return baselines;
}

void read_simulation(section simulation, sample_experiment& options) {
  simulation.read("days", options.days, positive());
  simulation.read_duration("tick", options.tick, at_least(1));
  simulation.finish();
}

} // namespace

sample_experiment read_sample(document& file) {
  sample_experiment options;
  auto root = file.root();
  root.require("souk", options.schema, between(1, 1));
  root.require("name", options.name, not_empty());
  root.require("seed", options.seed);
  read_model(root.require_at("model"), options);
  read_training(root.at("training"), options);
  options.baselines = read_baselines(root);
  auto evaluation = root.at("evaluation");
  evaluation.read("history", options.history, or_word("all"));
  evaluation.read("metrics", options.metrics, not_empty() & distinct());
  auto data = root.at("data");
  data.read("columns", options.columns);
  data.read("key_file", options.key_file, existing_file());
  if (root.has("simulation"))
    read_simulation(root.at("simulation"), options);
  root.at("cluster").read("trainers", options.trainers, positive());
  root.at("report").read("html", options.html);
  file.finish();
  return options;
}

sample_experiment sample_of(const std::string& text,
                            const std::vector<std::string>& overrides) {
  auto file = document::parse(text, "sample.yaml", overrides);
  return read_sample(file);
}

} // namespace souk::experiments
