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

/// What a profile may not differ in: all of it decides what a step costs.
std::string difference(const experiment& there, const experiment& here) {
  const auto& a = there.training;
  const auto& b = here.training;
  const auto differ = [](const char* key) {
    return std::string{key} + " differs";
  };
  if (!there.model || there.model->options.kind != here.model->options.kind
      || there.model->options.hidden != here.model->options.hidden
      || there.model->options.latent != here.model->options.latent)
    return differ("model");
  if (a.batch_users != b.batch_users)
    return differ("training.batch_users");
  if (a.blocks != b.blocks)
    return differ("training.blocks");
  if (a.precision != b.precision)
    return differ("training.precision");
  if (there.isa != here.isa)
    return differ("math.isa");
  if (a.placement.kind == b.placement.kind && a.placement.ranges != b.placement.ranges)
    return differ("training.placement.ranges");
  if (there.cluster.threads_per_trainer != here.cluster.threads_per_trainer)
    return differ("cluster.threads_per_trainer");
  return {};
}

/// Runs that are not of this training, or not all of the same data, cannot speak for
/// it.
void check_profiles(const std::vector<std::string>& runs, const experiment& options) {
  std::string dataset;
  for (const auto& run : runs) {
    auto file = document::load(run + "/config.yaml");
    auto differs = difference(read_experiment(file), options);
    const auto digests = read_manifest(run).digests;
    const auto found = digests.find("dataset");
    const auto here = found == digests.end() ? std::string{} : found->second;
    if (differs.empty() && !dataset.empty() && here != dataset)
      differs = "its data is not that of " + runs.front();
    if (!differs.empty())
      throw core::error::request("is of another training: " + differs, run,
                                 "profile a run of the same file");
    dataset = here;
  }
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
  check_profiles(request.plan.profiles, samples.options());
  for (const auto& run : request.plan.profiles)
    runs.push_back(read_measured_run(run));
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
