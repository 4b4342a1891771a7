#include "actors/division_of_work.hpp"
#include "experiments/blocks.hpp"

namespace souk::experiments {

namespace {

using actors::consistency_kind;

/// A trainer is a thread: more workers than a cluster has are a slip.
constexpr double workers_max = 1024;

const words_for<consistency_kind> kinds{{"bsp", consistency_kind::bsp},
                                        {"ssp", consistency_kind::ssp},
                                        {"asp", consistency_kind::asp},
                                        {"local_sgd", consistency_kind::local_sgd}};

void read_outer(section outer, models::nesterov_options& options) {
  std::string kind = "nesterov";
  outer.read("kind", kind, one_of({"nesterov"}));
  outer.read("learning_rate", options.learning_rate, positive());
  outer.read("momentum", options.momentum, from_to_below(0, 1));
  outer.finish();
}

} // namespace

std::string word_for(consistency_kind wanted) {
  for (const auto& [word, kind] : kinds)
    if (kind == wanted)
      return word;
  return "";
}

void read_consistency(section consistency, actors::consistency_options& options) {
  consistency.read_word("kind", options.kind, kinds);
  const auto count = positive() & at_most(workers_max);
  if (options.kind == consistency_kind::ssp || options.kind == consistency_kind::asp)
    consistency.require("workers", options.workers, count);
  if (options.kind == consistency_kind::ssp)
    consistency.require("staleness", options.staleness, at_most(1000000));
  if (options.kind == consistency_kind::local_sgd) {
    consistency.require("replicas", options.workers, count);
    consistency.require("period", options.period, positive() & at_most(1000000));
    read_outer(consistency.variant("outer", "nesterov"), options.outer);
  }
  consistency.finish();
}

void check_consistency(const section& training,
                       const actors::training_options& options) {
  using models::compression_kind;
  const auto kind = options.consistency.kind;
  const auto compression = options.compression.kind;
  if (options.placement.kind == actors::placement_kind::by_item
      && kind != consistency_kind::bsp)
    throw training.error_at("placement",
                            "by_item takes every step with all owners of items, as bsp "
                            "does",
                            "use by_range with " + word_for(kind) + ", or bsp");
  if (compression == compression_kind::none || kind == consistency_kind::bsp)
    return;
  if (kind == consistency_kind::local_sgd)
    throw training.error_at("compression",
                            "is of gradients, and under local_sgd none are sent",
                            "use none; a longer period sends less");
  if (compression == compression_kind::top_k)
    throw training.error_at(
      "compression",
      "top_k keeps what it leaves out by block of the one batch that bsp has, not by "
      "worker",
      "use bf16 or none with " + word_for(kind) + ", or bsp");
}

void check_trainers(const section& cluster, const experiment& read) {
  const auto& training = read.training;
  const auto most = std::to_string(actors::most_trainers(training));
  if (read.cluster.trainers <= actors::most_trainers(training))
    return;
  switch (training.consistency.kind) {
  case consistency_kind::bsp:
    throw cluster.error_at("trainers",
                           "are more than training.blocks ("
                             + std::to_string(training.blocks) + ")",
                           "every trainer needs a block: use at most " + most
                             + " trainers, or more blocks (which changes the numbers)");
  case consistency_kind::local_sgd:
    throw cluster.error_at("trainers",
                           "are more than training.consistency.replicas (" + most + ")",
                           "every trainer needs a replica: use at most " + most
                             + " trainers, or more replicas (which changes the "
                               "numbers)");
  default:
    throw cluster.error_at("trainers",
                           "are more than all workers' blocks (" + most + ")",
                           "every trainer needs a block: use at most " + most
                             + " trainers, or more workers or blocks (which changes "
                               "the numbers)");
  }
}

std::string trainers_in_words(const experiment& read) {
  const auto& training = read.training;
  const auto starts =
    actors::division_of_work{training, read.cluster.trainers}.num_trainers();
  auto text = word_for(training.consistency.kind) + " can use 1 to "
              + std::to_string(actors::most_trainers(training))
              + " trainers; the file's " + std::to_string(read.cluster.trainers);
  if (starts == read.cluster.trainers)
    return text + (starts == 1 ? " is started" : " are started");
  return text + " become " + std::to_string(starts) + ": "
         + std::to_string(starts / training.consistency.workers) + " for each of "
         + std::to_string(training.consistency.workers) + " workers";
}

} // namespace souk::experiments
