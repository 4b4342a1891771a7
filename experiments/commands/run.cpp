#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/blocks.hpp"
#include "experiments/cluster_file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/document.hpp"
#include "experiments/generators.hpp"
#include "experiments/progress_bar.hpp"
#include "experiments/report/report.hpp"
#include "experiments/results_file.hpp"
#include "experiments/run_state.hpp"
#include "experiments/summary.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace souk::experiments {

std::atomic<bool> interrupt_requested{false};

actors::cluster& run_state::open_cluster() {
  if (!cluster) {
    context = std::make_shared<experiment_context>(
      options, data, std::make_shared<actors::files_in_directory>(directory->path()));
    cluster = std::make_unique<actors::cluster>(
      options.cluster, actors::run_description{resolved, directory->path(), board},
      context, [this] { check_interrupt(); });
  }
  return *cluster;
}

void run_state::add_rows(const std::vector<core::result_row>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  write_results(*directory / "results.json", rows);
}

void run_state::check_interrupt() const {
  if (*interrupt)
    throw interrupted{};
}

namespace {

/// Shows progress and writes it on the board.
class noted_progress : public core::progress {
public:
  noted_progress(core::progress& shown, core::progress& board)
    : shown_{shown}, board_{board} {
    // nop
  }

  void advance(const std::string& task,
               std::uint64_t done,
               std::uint64_t total,
               const std::string& unit,
               const std::string& detail) override {
    shown_.advance(task, done, total, unit, detail);
    board_.advance(task, done, total, unit, detail);
  }

private:
  core::progress& shown_;
  core::progress& board_;
};

/// The stages of a run, and the stage that their rows bear in `results.json`.
bool is_finished(const run_directory& directory, const std::string& rows_of) {
  const auto stage = rows_of == "training" ? "train"
                     : rows_of == "online" ? "simulate"
                                           : "evaluate";
  return directory.finished(stage);
}

/// What an earlier process of the run left behind: its manifest and its rows.
void take_up(run_state& run) {
  const auto& directory = *run.directory;
  if (!directory.saved())
    return;
  run.record = *directory.saved();
  const auto differs = core::difference(models::platform(), run.record.platform);
  if (!differs.empty())
    throw core::error{"the run began on another numeric platform (" + differs + ")",
                      directory.path(),
                      "resume it on a machine like that, or start a new run"};
  for (const auto& [file, hash] : run.record.files)
    check_file(run.record, directory.path(), file);
  const auto results = directory / "results.json";
  const auto has_rows = directory.finished("train");
  if (has_rows && !std::filesystem::exists(results))
    throw core::error{"the file is gone, and the stages that made it are finished",
                      results, "bring it back, or start a new run"};
  if (has_rows)
    for (auto& row : read_results(results))
      if (is_finished(directory, row.stage))
        run.rows.push_back(std::move(row));
}

std::map<std::string, std::uint64_t> shape_of(const actors::cluster_options& cluster) {
  const auto processes =
    cluster.nodes ? cluster.nodes->begin_with + 1 : cluster.processes;
  return {{"processes", processes},
          {"trainers", cluster.trainers},
          {"threads_per_trainer", cluster.threads_per_trainer},
          {"parameter_servers", cluster.parameter_servers},
          {"data_shards", cluster.data_shards}};
}

std::string word_for(verb what) {
  switch (what) {
  case verb::import:
    return "import";
  case verb::train:
    return "train";
  case verb::evaluate:
    return "evaluate";
  case verb::simulate:
    return "simulate";
  default:
    return "run";
  }
}

/// Refuses a verb for which the file has no block, before anything is written.
void check_blocks(const document& file, const experiment& options, verb what) {
  if (!options.data && what != verb::run && what != verb::simulate)
    throw file.error_at("", "has no data: block", "add one, or use souk run");
  if (what == verb::evaluate && !options.evaluation)
    throw file.error_at("", "has no evaluation: block", "add one, or use souk train");
  if (what == verb::simulate && !options.simulation)
    throw file.error_at("", "has no simulation: block", "add one, or use souk train");
}

void go_through_stages(run_state& run, verb what) {
  if (run.options.data) {
    prepare_data(run);
    if (what == verb::import)
      return;
    train_models(run);
  }
  if ((what == verb::evaluate || what == verb::run) && run.options.evaluation)
    evaluate_models(run);
  if ((what == verb::simulate || what == verb::run) && run.options.simulation)
    simulate_market(run);
}

void finish(run_state& run) {
  run.cluster.reset(); // children first: what follows is about a finished run
  if (!run.rows.empty())
    run.record.digests["results"] = core::digest_of(run.rows);
  run.record.end = core::utc_now();
  run.add_rows({});
  run.directory->save(run.record);
  if (run.options.html_report)
    write_report(run.directory->path());
}

void say_how_it_went(const run_state& run, const command& request) {
  if (request.json)
    std::cout << to_json(run.rows);
  else
    std::cout << summary_of(run.rows);
  std::cout << std::flush;
  core::log::info("run: " + run.directory->path());
  if (run.options.html_report)
    core::log::info("report: " + *run.directory / "report.html");
}

} // namespace

std::string run_experiment(const command& request) {
  auto file = document::load(request.files.at(0), request.overrides);
  run_state run;
  run.options = read_experiment(file);
  if (!request.cluster.empty()) {
    run.options.cluster.nodes = read_cluster_file(request.cluster);
    actors::check_leader(*run.options.cluster.nodes);
  }
  check_blocks(file, run.options, request.what);
  use_numerics(run.options);
  warn_of_unused(run.options);
  if (!request.resume) // else the run has what it draws from
    check_generators(file, run.options);
  run.resolved = file.resolved();
  run.repeats = request.repeats;
  auto directory =
    run_directory::open({run.options.name, request.out, request.resume, run.resolved});
  core::log::also_to_file(directory / "log.txt");
  progress_bar bar;
  core::silent_progress silence;
  run.directory = &directory;
  run.board->set_directory(directory.path());
  noted_progress noted{request.quiet ? static_cast<core::progress&>(silence) : bar,
                       *run.board};
  run.progress = &noted;
  run.interrupt = &interrupt_requested;
  run.record = begin_manifest(run.options.name, run.options.seed, models::platform());
  run.record.config_digest = file.digest_without_cluster();
  take_up(run);
  run.record.cluster = shape_of(run.options.cluster);
  const auto& consistency = run.options.training.consistency;
  run.record.consistency = word_for(consistency.kind);
  run.record.one_answer = consistency.has_one_answer();
  try {
    go_through_stages(run, request.what);
  } catch (const interrupted&) {
    bar.clear();
    run.cluster.reset();
    core::log::info("interrupted; go on with: souk " + word_for(request.what) + " "
                    + directory / "config.yaml" + " --out " + directory.path()
                    + (request.cluster.empty() ? "" : " --cluster " + request.cluster)
                    + " --resume");
    throw;
  }
  bar.clear();
  finish(run);
  say_how_it_went(run, request);
  return directory.path();
}

} // namespace souk::experiments
