#include "core/clock.hpp"
#include "core/digest.hpp"
#include "core/log.hpp"
#include "data/snapshot_file.hpp"
#include "experiments/training_recorder.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

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

core::result_row
row_of(const named_model& model, const char* metric, double value, std::uint64_t n) {
  return core::measured_row("training", model.name, metric, value, n);
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty())
    return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// How stale the parameters were that gradients were computed from: for each number of
/// other gradients that came in between, the share that it was so for, over all ranges.
void add_staleness(const run_state& run,
                   const named_model& model,
                   std::uint64_t steps,
                   std::vector<core::result_row>& rows) {
  std::map<std::uint64_t, std::uint64_t> counts;
  std::uint64_t total = 0;
  for (const auto& order : read_orders(*run.directory / order_entry(model.name), steps))
    for (const auto& [staleness, count] : actors::staleness_in(order)) {
      counts[staleness] += count;
      total += count;
    }
  for (const auto& [staleness, count] : counts) {
    rows.push_back(row_of(model, "staleness",
                          static_cast<double>(count) / static_cast<double>(total),
                          count));
    rows.back().group = "versions=" + std::to_string(staleness);
  }
}

/// Trains one model over the cluster, from its last checkpoint if there is one.
core::snapshot learn(run_state& run,
                     const named_model& model,
                     std::uint32_t number,
                     std::vector<core::result_row>& rows) {
  const auto folder = checkpoint_folder(run, model);
  metrics_file curves{*run.directory / "metrics.jsonl"};
  const auto recorder = std::make_shared<training_recorder>(run, model, curves, folder);
  if (run.data->split.validation.users.empty())
    core::log::warning("there are no validation users: all epochs run, and the last "
                       "one's weights are kept");
  const auto began = core::seconds_now();
  const auto outcome = run.open_cluster().train(number, recorder, *run.interrupt);
  const auto seconds = core::seconds_now() - began;
  if (outcome == actors::training_outcome::interrupted)
    throw interrupted{};
  const auto users = run.data->split.training.num_rows();
  // A single epoch counts with its start.
  const auto epoch = median(recorder->epoch_seconds()).value_or(seconds);
  if (recorder->steps() > 0)
    rows.push_back(
      row_of(model, "users_per_second", static_cast<double>(users) / epoch, users));
  rows.push_back(row_of(model, "training_seconds", seconds, recorder->steps()));
  rows.push_back(row_of(model, "steps_computed_again",
                        static_cast<double>(recorder->steps_computed_again()),
                        recorder->steps()));
  for (const auto& [trainer, times] : recorder->slow_trainers()) {
    rows.push_back(row_of(model, "times_slower", times, recorder->steps()));
    rows.back().group = trainer;
  }
  rows.push_back(row_of(model, "checkpoints_failed",
                        static_cast<double>(recorder->checkpoints_failed()),
                        recorder->steps()));
  rows.push_back(row_of(model, "bytes_pushed_per_step",
                        recorder->bytes_pushed_per_step(), recorder->steps()));
  rows.push_back(row_of(model, "bytes_moved_per_step", recorder->bytes_moved_per_step(),
                        recorder->steps()));
  if (!run.options.training.consistency.has_one_answer()
      && recorder->orders_are_whole())
    add_staleness(run, model, recorder->last_step(), rows);
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
  rows.push_back(
    row_of(model, "training_seconds", seconds, run.data->split.training.num_rows()));
  return fitted;
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
    if (fs::exists(*run.directory / order_entry(model.name)))
      files.push_back(order_entry(model.name));
  }
  if (fs::exists(*run.directory / "metrics.jsonl"))
    files.emplace_back("metrics.jsonl");
  run.record.digests["model"] = digest_of_models(digests);
  run.add_rows(rows);
  run.directory->mark_finished(run.record, "train", core::seconds_now() - began, files);
}

} // namespace souk::experiments
