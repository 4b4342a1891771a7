#include "eval/metrics.hpp"
#include "experiments/blocks.hpp"

namespace souk::experiments {

namespace {

rule ranking_metric() {
  return text_where(
    [](const std::string& text) {
      try {
        eval::parse_metric(text);
        return true;
      } catch (const core::error&) {
        return false;
      }
    },
    "is no ranking metric",
    "use recall@K, ndcg@K, hit_rate@K or mrr@K, such as ndcg@100");
}

void read_placement(section block, actors::placement_options& options) {
  std::string kind = "by_range";
  block.read("kind", kind, one_of({"by_range", "by_item"}));
  if (kind == "by_item") {
    options.kind = actors::placement_kind::by_item;
    block.read("ranges", options.ranges, power_of_two() & at_most(256));
  }
  block.finish();
}

/// What needs a gradient to be whole somewhere.
void check_placement(section& training, const actors::training_options& options) {
  if (options.placement.kind != actors::placement_kind::by_item)
    return;
  if (options.compression.kind != models::compression_kind::none)
    throw training.error_at("compression",
                            "has nothing to compress with placement by_item: gradients "
                            "do not travel",
                            "use none, or placement by_range");
}

void read_compression(section block, models::compression_options& options) {
  std::string kind = "none";
  block.read("kind", kind, one_of({"none", "bf16", "top_k"}));
  if (kind == "bf16")
    options.kind = models::compression_kind::bf16;
  if (kind == "top_k") {
    options.kind = models::compression_kind::top_k;
    block.require("fraction", options.fraction, positive() & at_most(1));
  }
  block.finish();
}

} // namespace

void read_training(section training, actors::training_options& options) {
  training.read("epochs", options.epochs, positive() & at_most(1000000));
  training.read("batch_users", options.batch_users, positive() & at_most(1000000));
  training.read("blocks", options.blocks, power_of_two() & at_most(1024));
  auto optimiser = training.variant("optimiser", "adam");
  std::string kind = "adam";
  optimiser.read("kind", kind, one_of({"adam"}));
  optimiser.read("learning_rate", options.optimiser.learning_rate, positive());
  optimiser.read("beta1", options.optimiser.beta1, from_to_below(0, 1));
  optimiser.read("beta2", options.optimiser.beta2, from_to_below(0, 1));
  optimiser.read("epsilon", options.optimiser.epsilon, positive());
  optimiser.finish();
  read_consistency(training.variant("consistency", "bsp"), options.consistency);
  read_placement(training.variant("placement", "by_range"), options.placement);
  read_compression(training.variant("compression", "none"), options.compression);
  std::string precision = "fp32";
  training.read("precision", precision, one_of({"fp32", "bf16", "bf16x3"}));
  options.precision = *models::precision_named(precision);
  auto validate = training.at("validate");
  validate.read("metric", options.validate.metric, ranking_metric());
  validate.read("every_epochs", options.validate.every_epochs, positive());
  validate.read("patience", options.validate.patience, positive() & or_word("never"));
  validate.finish();
  auto checkpoint = training.at("checkpoint");
  checkpoint.read("every_steps", options.checkpoint.every_steps, positive());
  checkpoint.read("keep", options.checkpoint.keep, positive());
  checkpoint.finish();
  training.finish();
  check_consistency(training, options);
  check_placement(training, options);
  if (options.blocks > options.batch_users)
    throw training.error_at("blocks", "are more than the users of a batch",
                            "use at most batch_users blocks");
}

void read_evaluation(section evaluation, evaluation_options& options) {
  evaluation.read("metrics", options.metrics,
                  ranking_metric() & not_empty() & distinct());
  auto history = evaluation.at("history");
  history.read("events", options.history, or_word("all") & distinct());
  history.read("min_fold_in", options.min_fold_in, positive());
  history.read("draws", options.draws, positive() & at_most(1000));
  for (const auto& events : options.history)
    if (events && *events > options.min_fold_in)
      throw history.error_at("events",
                             "asks for " + std::to_string(*events)
                               + " events of users who may have only "
                               + std::to_string(options.min_fold_in),
                             "raise min_fold_in to it, or ask for fewer");
  history.finish();
  evaluation.finish();
}

void read_cluster(section cluster, actors::cluster_options& options) {
  cluster.read("processes", options.processes, positive() & at_most(64));
  cluster.read("trainers", options.trainers, positive() & at_most(1024));
  cluster.read("threads_per_trainer", options.threads_per_trainer,
               positive() & at_most(256));
  cluster.read("parameter_servers", options.parameter_servers,
               positive() & at_most(256));
  cluster.read("data_shards", options.data_shards, positive() & at_most(1024));
  cluster.read("shared_memory", options.shared_memory);
  cluster.finish();
}

} // namespace souk::experiments
