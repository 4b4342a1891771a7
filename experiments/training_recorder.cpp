#include "experiments/training_recorder.hpp"

#include "core/log.hpp"
#include "data/checkpoint.hpp"
#include "eval/evaluate.hpp"
#include "models/model.hpp"

#include <cstdio>

namespace souk::experiments {

namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

} // namespace

training_recorder::training_recorder(run_state& run,
                                     named_model model,
                                     metrics_file& curves,
                                     std::string checkpoints)
  : run_{run}, model_{std::move(model)}, curves_{curves},
    checkpoints_{std::move(checkpoints)}, metric_{eval::parse_metric(
                                            run.options.training.validate.metric)},
    network_{models::make_network(model_.options, run.data->split.training.num_items)} {
  const auto& training = run.options.training;
  const actors::batches plan{
    static_cast<std::uint32_t>(run.data->split.training.num_rows()),
    training.batch_users, training.blocks};
  steps_per_epoch_ = plan.per_epoch();
  total_steps_ = training.epochs * steps_per_epoch_;
}

void training_recorder::record(std::uint64_t step,
                               std::uint64_t epoch,
                               const char* name,
                               double value) {
  curves_.append({model_.name, step, epoch, name, value});
  if (std::string{name} == "loss") {
    ++steps_;
    run_.progress->advance("training " + model_.name, step, total_steps_, "steps",
                           "loss " + short_number(value) + detail_);
  } else if (name == run_.options.training.validate.metric) {
    detail_ = std::string{", "} + name + " " + short_number(value);
  }
}

void training_recorder::pushed(std::uint64_t /*step*/, std::uint64_t bytes) {
  bytes_ += bytes;
}

std::optional<double> training_recorder::validate(core::span<const float> parameters) {
  const auto& held_out = run_.data->split.validation;
  if (held_out.users.empty())
    return std::nullopt;
  const auto ranker = models::make_recommender(
    network_->to_snapshot(parameters),
    run_.options.cluster.trainers * run_.options.cluster.threads_per_trainer);
  core::silent_progress quiet;
  return eval::evaluate(*ranker, held_out, &run_.data->dataset.user_attributes,
                        {metric_}, quiet)
    .overall.front();
}

void training_recorder::save(const actors::training_progress& progress,
                             const actors::training_view& tensors) {
  const auto patience = run_.options.training.validate.patience;
  data::checkpoint saved;
  saved.configuration_digest = run_.record.config_digest;
  saved.step = progress.step;
  saved.epoch = progress.step / steps_per_epoch_;
  saved.best_epoch = progress.best_epoch;
  saved.best_metric = progress.best_metric.value_or(0);
  saved.patience_left = patience ? *patience - progress.validations_without_best : 0;
  saved.negative_log_likelihood = progress.negative_log_likelihood;
  saved.divergence = progress.divergence;
  const auto copy = [](core::span<const float> values) {
    return core::parameter_arena(values.begin(), values.end());
  };
  saved.parameters = copy(tensors.parameters);
  saved.first_moments = copy(tensors.first_moments);
  saved.second_moments = copy(tensors.second_moments);
  saved.best_parameters = copy(tensors.best_parameters);
  for (const auto& residual : tensors.residuals)
    saved.residuals.push_back(copy(residual));
  data::write_checkpoint(checkpoints_, saved, run_.options.training.checkpoint.keep);
}

void training_recorder::finished(const actors::training_progress& progress,
                                 core::span<const float> parameters) {
  trained_ = network_->to_snapshot(parameters);
  core::log::info(
    "trained " + model_.name + ": " + std::to_string(progress.step) + " steps"
    + (progress.best_metric ? ", best epoch " + std::to_string(progress.best_epoch)
                                + " (" + run_.options.training.validate.metric + " "
                                + short_number(*progress.best_metric) + ")"
                            : ""));
}

} // namespace souk::experiments
