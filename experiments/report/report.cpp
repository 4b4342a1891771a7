#include "experiments/report/report.hpp"

#include "core/error.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/report/page.hpp"
#include "experiments/results_file.hpp"
#include "experiments/run_directory.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace souk::experiments {

namespace {

bool exists(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

finished_run read_run(const std::string& folder) {
  finished_run run;
  run.record = read_manifest(folder);
  const auto results = folder + "/results.json";
  if (!exists(results))
    throw core::error("there are no results to report", results,
                      "let the run finish first: souk run FILE --out " + folder
                        + " --resume");
  run.rows = read_results(results);
  run.points = read_metrics(folder + "/metrics.jsonl");
  if (const auto plan = folder + "/plan.json"; exists(plan)) {
    run.plan = read_file(plan);
    if (!nlohmann::json::accept(run.plan))
      throw core::error("is no plan of souk", plan,
                        "make it again with souk plan --out, or remove it");
  }
  if (const auto configuration = folder + "/config.yaml"; exists(configuration))
    run.configuration = read_file(configuration);
  return run;
}

} // namespace

void write_report(const std::string& run_directory) {
  write_file_atomically(run_directory + "/report.html",
                        page_of(read_run(run_directory)));
}

} // namespace souk::experiments
