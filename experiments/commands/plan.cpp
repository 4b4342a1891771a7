#include "experiments/plan/plan.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/document.hpp"
#include "experiments/plan/plan_units.hpp"
#include "experiments/plan/sample_runs.hpp"
#include "experiments/progress_bar.hpp"
#include "experiments/report/report.hpp"
#include "experiments/run_directory.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// A new folder for runs that nobody will want again; gone with this.
class temporary_folder {
public:
  temporary_folder() {
    auto pattern = (fs::temp_directory_path() / "souk-plan-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw core::error{"no folder can be made for the profile's runs",
                        fs::temp_directory_path().string(),
                        "make room there, or set TMPDIR"};
    path_ = pattern;
  }

  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  ~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const std::string& path() const {
    return path_;
  }

private:
  std::string path_;
};

plan_request request_of(const command& asked, const experiment& options) {
  const auto& words = asked.plan;
  plan_request request;
  request.nodes = parse_nodes(words.nodes, "--nodes");
  request.bytes_per_second = parse_bandwidth(words.bandwidth, "--bandwidth");
  request.latency = parse_latency(words.latency, "--latency");
  request.machines = words.machines;
  request.cores = words.cores;
  request.threads = options.cluster.threads_per_trainer;
  if (words.cores > 0 && words.cores < request.threads && words.machines == 0)
    core::log::warning("a machine has fewer cores than a trainer has threads");
  return request;
}

/// Where a plan is kept: a new folder, or that of a run, whose page then shows it.
void check_out(const std::string& out) {
  if (!out.empty() && fs::exists(out) && !fs::exists(out + "/manifest.json")
      && !(fs::is_directory(out) && fs::is_empty(out)))
    throw core::error::request("exists and is no run's folder", out,
                               "name a new folder, or that of a run");
}

void keep(const plan& made, const std::string& out) {
  fs::create_directories(out);
  write_file_atomically(out + "/plan.json", to_json(made));
  core::log::info("plan: " + out + "/plan.json");
  if (fs::exists(out + "/results.json")) {
    write_report(out);
    core::log::info("report: " + out + "/report.html");
  }
}

std::vector<measured_run> measure(sample_runs& samples, core::progress& progress) {
  const temporary_folder folder;
  samples.import(folder.path(), progress);
  const auto by_item = samples.can_be_by_item();
  if (!by_item)
    core::log::info(
      "the file's training cannot be placed by item; nothing is said of it");
  std::vector<measured_run> runs;
  for (const auto placed : {false, true})
    for (const auto processes : {1U, 2U})
      if (!placed || by_item)
        runs.push_back(samples.train(folder.path(), processes, placed, progress,
                                     interrupt_requested));
  return runs;
}

/// Runs that are not of this training cannot speak for it.
void check_profile(const std::string& run, const experiment& options) {
  auto file = document::load(run + "/config.yaml");
  const auto there = read_experiment(file);
  const auto& ours = options.training;
  if (!there.model || there.model->options.kind != options.model->options.kind
      || there.model->options.hidden != options.model->options.hidden
      || there.model->options.latent != options.model->options.latent
      || there.training.batch_users != ours.batch_users
      || there.training.blocks != ours.blocks
      || there.cluster.threads_per_trainer != options.cluster.threads_per_trainer)
    throw core::error::request(
      "is of another training: model, batch_users, blocks or threads differ", run,
      "profile a run of the same file");
}

} // namespace

void plan_cluster(const command& request) {
  sample_runs samples{request.files.at(0), request.overrides};
  const auto wanted = request_of(request, samples.options());
  check_out(request.out);
  progress_bar bar;
  core::silent_progress silence;
  auto& progress = request.quiet ? static_cast<core::progress&>(silence) : bar;
  std::vector<measured_run> runs;
  for (const auto& run : request.plan.profiles) {
    check_profile(run, samples.options());
    runs.push_back(read_measured_run(run));
  }
  if (runs.empty())
    runs = measure(samples, progress);
  else
    samples.data_of(request.plan.profiles.front());
  bar.clear();
  const auto made = make_plan(samples.options(), samples.size(), runs, wanted);
  std::cout << (request.json ? to_json(made) : text_of(made)) << std::flush;
  if (!request.out.empty())
    keep(made, request.out);
}

} // namespace souk::experiments
