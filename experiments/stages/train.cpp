#include "core/clock.hpp"
#include "core/digest.hpp"
#include "core/log.hpp"
#include "data/checkpoint.hpp"
#include "data/snapshot_file.hpp"
#include "experiments/training_recorder.hpp"
#include "models/model.hpp"

#include <filesystem>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// `checkpoints/` for the file's model, `checkpoints/<name>/` for the others.
std::string checkpoint_folder(const run_state& run, const named_model& model) {
  const auto folder = *run.directory / "checkpoints";
  return run.options.model && run.options.model->name == model.name
           ? folder
           : folder + "/" + model.name;
}

struct start_state {
  actors::training_progress progress;
  std::shared_ptr<actors::training_tensors> tensors; ///< null: initial weights
};

/// Looks for a checkpoint to go on from. Damaged ones are said and passed over.
start_state last_checkpoint(const named_model& model,
                            const std::string& folder,
                            const actors::validation_options& validate,
                            const std::string& configuration) {
  std::vector<std::string> warnings;
  auto found = data::read_latest_checkpoint(folder, warnings);
  for (const auto& warning : warnings)
    core::log::warning(warning);
  if (!found)
    return {};
  if (found->configuration_digest != configuration) {
    core::log::warning(folder
                       + ": the checkpoint belongs to another experiment; "
                         "starting from initial weights");
    return {};
  }
  start_state start;
  start.progress.step = found->step;
  start.progress.negative_log_likelihood = found->negative_log_likelihood;
  start.progress.divergence = found->divergence;
  start.progress.best_epoch = found->best_epoch;
  if (found->best_epoch > 0)
    start.progress.best_metric = found->best_metric;
  if (validate.patience)
    start.progress.validations_without_best =
      *validate.patience - static_cast<std::uint32_t>(found->patience_left);
  start.tensors = std::make_shared<actors::training_tensors>();
  start.tensors->parameters = std::move(found->parameters);
  start.tensors->first_moments = std::move(found->first_moments);
  start.tensors->second_moments = std::move(found->second_moments);
  start.tensors->best_parameters = std::move(found->best_parameters);
  start.tensors->residuals = std::move(found->residuals);
  core::log::info("going on with " + model.name + " from the checkpoint at step "
                  + std::to_string(found->step));
  return start;
}

core::result_row measured_row(const named_model& model,
                              const char* metric,
                              double value,
                              std::uint64_t n) {
  core::result_row row;
  row.stage = "training";
  row.model = model.name;
  row.metric = metric;
  row.group = "all";
  row.mean = row.ci_low = row.ci_high = value;
  row.n = n;
  row.measured = true;
  return row;
}

/// Trains one model over the cluster, from its last checkpoint if there is one.
core::snapshot learn(run_state& run,
                     const named_model& model,
                     std::uint32_t number,
                     std::vector<core::result_row>& rows) {
  const auto folder = checkpoint_folder(run, model);
  metrics_file curves{*run.directory / "metrics.jsonl"};
  const auto start = last_checkpoint(model, folder, run.options.training.validate,
                                     run.record.config_digest);
  curves.rewind(model.name, start.progress.step);
  const auto recorder = std::make_shared<training_recorder>(run, model, curves, folder);
  const auto began = core::seconds_now();
  const auto outcome = run.open_cluster().train(number, start.progress, start.tensors,
                                                recorder, *run.interrupt);
  const auto seconds = core::seconds_now() - began;
  if (outcome == actors::training_outcome::interrupted)
    throw interrupted{};
  const auto& training = run.options.training;
  const auto users = run.data->split.training.num_rows();
  const auto per_epoch = (users + training.batch_users - 1) / training.batch_users;
  const auto epochs =
    static_cast<double>(recorder->steps()) / static_cast<double>(per_epoch);
  rows.push_back(measured_row(model, "users_per_second",
                              epochs * static_cast<double>(users) / seconds, users));
  rows.push_back(measured_row(model, "training_seconds", seconds, recorder->steps()));
  rows.push_back(measured_row(model, "bytes_pushed_per_step",
                              recorder->bytes_pushed_per_step(), recorder->steps()));
  return recorder->model();
}

/// Fits a model that needs no steps.
core::snapshot
fit(run_state& run, const named_model& model, std::vector<core::result_row>& rows) {
  const auto began = core::seconds_now();
  auto fitted = models::fit(model.options,
                            {&run.data->split.training, &run.data->training_attributes},
                            *run.progress);
  const auto seconds = core::seconds_now() - began;
  core::log::info("fitted " + model.name);
  rows.push_back(measured_row(model, "training_seconds", seconds,
                              run.data->split.training.num_rows()));
  return fitted;
}

data::model_vocabulary vocabulary_of(const prepared_data& data) {
  data::model_vocabulary vocabulary;
  for (const auto item : data.split.items)
    vocabulary.items.push_back(data.dataset.item_names[item]);
  return vocabulary;
}

/// SHA-256 over the digests of all models, in name order.
std::string digest_of_models(const std::map<std::string, std::string>& digests) {
  core::digest whole;
  for (const auto& [name, digest] : digests) {
    whole.feed(std::string_view{name});
    whole.feed(std::string_view{digest});
  }
  return whole.finish();
}

} // namespace

void train_models(run_state& run) {
  if (run.directory->finished("train"))
    return;
  const auto began = core::seconds_now();
  fs::create_directories(*run.directory / "baselines");
  const auto vocabulary = vocabulary_of(*run.data);
  std::map<std::string, std::string> digests;
  std::vector<std::string> files;
  std::vector<core::result_row> rows;
  std::uint32_t learned = 0;
  for (const auto& model : run.options.all_models()) {
    run.check_interrupt();
    const auto trained = models::has_learner(model.options)
                           ? learn(run, model, learned++, rows)
                           : fit(run, model, rows);
    files.push_back(snapshot_entry(run.options, model.name));
    data::write_snapshot(*run.directory / files.back(), trained, vocabulary);
    digests[model.name] = core::digest_of(trained);
  }
  if (fs::exists(*run.directory / "metrics.jsonl"))
    files.emplace_back("metrics.jsonl");
  run.record.digests["model"] = digest_of_models(digests);
  run.add_rows(rows);
  run.directory->mark_finished(run.record, "train", core::seconds_now() - began, files);
}

} // namespace souk::experiments
