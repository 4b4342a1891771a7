#include "experiments/plan/sample_runs.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "data/dataset_file.hpp"
#include "experiments/config/document.hpp"
#include "experiments/run_state.hpp"
#include "experiments/training_recorder.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <filesystem>

namespace souk::experiments {

namespace {

constexpr std::uint64_t steps_wanted = 48; ///< of which the means are

experiment read(const std::string& file, const std::vector<std::string>& overrides) {
  auto opened = document::load(file, overrides);
  auto options = read_experiment(opened);
  if (!options.model || !models::has_learner(options.model->options))
    throw opened.error_at("model",
                          "is not trained step by step, so there is nothing to "
                          "plan",
                          "use mult_vae or mult_dae");
  return options;
}

} // namespace

sample_runs::sample_runs(std::string file, std::vector<std::string> overrides)
  : file_{std::move(file)}, overrides_{std::move(overrides)}, options_{read(
                                                                file_, overrides_)} {
  use_numerics(options_);
}

void sample_runs::data_of(const std::string& run) {
  const auto path = run + "/dataset.h5";
  check_file(read_manifest(run), run, "dataset.h5");
  data_ = prepare(data::read_dataset(path), options_);
}

void sample_runs::import(const std::string& folder, core::progress& progress) {
  auto opened = document::load(file_, overrides_);
  run_state run;
  run.options = read_experiment(opened);
  run.resolved = opened.resolved();
  auto directory =
    run_directory::open({run.options.name, folder + "/data", false, run.resolved});
  run.directory = &directory;
  run.progress = &progress;
  run.record = begin_manifest(run.options.name, run.options.seed, models::platform());
  prepare_data(run);
  data_ = run.data;
}

bool sample_runs::can_be_by_item() const {
  return options_.training.placement.ranges <= data_->split.training.num_items;
}

measured_run sample_runs::train(const std::string& folder,
                                std::uint32_t processes,
                                bool by_item,
                                core::progress& progress,
                                const std::atomic<bool>& interrupt) {
  core::expects(data_ != nullptr, "there are data to train on");
  const actors::batches plan{
    static_cast<std::uint32_t>(data_->split.training.num_rows()),
    options_.training.batch_users, options_.training.blocks};
  const auto per_epoch = plan.per_epoch();
  const auto epochs = 1 + (steps_wanted + per_epoch - 1) / per_epoch;
  const auto count = std::to_string(processes);
  auto overrides = overrides_;
  for (const auto& override :
       {"training.epochs=" + std::to_string(epochs),
        std::string{"training.consistency=bsp"},
        std::string{"training.compression=none"},
        std::string{"training.validate.patience=never"},
        "training.validate.every_epochs=" + std::to_string(epochs),
        std::string{"training.checkpoint.every_steps=1000000000"},
        "cluster.processes=" + count, "cluster.trainers=" + count,
        "cluster.parameter_servers=" + count, "cluster.data_shards=" + count})
    overrides.push_back(override);
  // A file that places by item says in how many ranges.
  if (by_item != (options_.training.placement.kind == actors::placement_kind::by_item))
    overrides.emplace_back(by_item ? "training.placement=by_item"
                                   : "training.placement=by_range");
  auto opened = document::load(file_, overrides);
  run_state run;
  run.options = read_experiment(opened);
  run.resolved = opened.resolved();
  const auto path =
    folder + '/' + (by_item ? "by_item_" : "by_range_") + std::to_string(processes);
  auto directory = run_directory::open({run.options.name, path, false, run.resolved});
  run.directory = &directory;
  run.progress = &progress;
  run.interrupt = &interrupt;
  run.record = begin_manifest(run.options.name, run.options.seed, models::platform());
  run.record.config_digest = opened.digest_without_cluster();
  run.record.cluster = {
    {"processes", processes},
    {"trainers", processes},
    {"threads_per_trainer", run.options.cluster.threads_per_trainer},
    {"parameter_servers", processes},
    {"data_shards", processes}};
  run.data = data_;
  data::write_dataset(directory / "dataset.h5", data_->dataset);
  directory.mark_finished(run.record, "import", 0, {"dataset.h5"});
  const auto began = core::seconds_now();
  {
    metrics_file curves{directory / "metrics.jsonl"};
    const auto recorder = std::make_shared<training_recorder>(
      run, *run.options.model, curves, directory / "checkpoints");
    // The file's model comes first.
    const auto outcome = run.open_cluster().train(0, recorder, interrupt);
    run.cluster.reset();
    if (outcome == actors::training_outcome::interrupted)
      throw interrupted{};
  }
  directory.mark_finished(run.record, "train", core::seconds_now() - began,
                          {"metrics.jsonl"});
  return read_measured_run(path);
}

} // namespace souk::experiments
