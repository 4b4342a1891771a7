#include "experiments/behaviour_source.hpp"

#include "core/error.hpp"
#include "data/dataset_file.hpp"
#include "data/import.hpp"
#include "data/session_log.hpp"
#include "experiments/blocks.hpp"
#include "experiments/config/document.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/run_directory.hpp"
#include "experiments/simulated_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <tuple>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;
using eval::realism::behaviour;

/// Which policy's sessions are wanted: its number in a log's table.
std::uint16_t number_of(const std::string& policy,
                        const std::vector<std::string>& policies,
                        const std::string& run) {
  if (policy.empty())
    return 0;
  const auto found = std::find(policies.begin(), policies.end(), policy);
  if (found == policies.end())
    throw core::error::request("has no policy \"" + policy + '"', run,
                               suggestion(policy, policies));
  return static_cast<std::uint16_t>(found - policies.begin());
}

behaviour behaviour_of_sessions(const std::string& run, const std::string& policy) {
  auto file = document::load(run + "/config.yaml");
  const auto options = read_experiment(file);
  core::dataset data;
  data.has_times = true;
  data::for_each_segment(run + "/sessions", [&](const data::session_log& segment) {
    const auto wanted = number_of(policy, segment.tables.policies, run);
    for (const auto& record : segment.records)
      if (record.world == 0 && record.policy == wanted && record.item != core::no_item
          && record.kind != core::event_kind::impression)
        data.events.push_back(
          {record.user, record.item, record.time, 1.0F, record.price, record.kind});
  });
  std::stable_sort(data.events.begin(), data.events.end(),
                   [](const auto& a, const auto& b) {
                     return std::tie(a.user, a.time) < std::tie(b.user, b.time);
                   });
  return eval::realism::behaviour_of(
    data, eval::realism::shift_to_weekday(options.simulation->calendar.start_weekday));
}

behaviour behaviour_of_run(const std::string& run, const std::string& policy) {
  read_manifest(run);
  if (fs::is_directory(run + "/sessions"))
    return behaviour_of_sessions(run, policy);
  return eval::realism::behaviour_of(data::read_dataset(run + "/dataset.h5"));
}

behaviour behaviour_of_file(const std::string& path, core::progress& progress) {
  auto file = document::load(path);
  experiment read;
  auto root = file.root();
  if (root.has("source")) {
    read_data(root, read.data.emplace());
    file.finish();
  } else {
    read = read_experiment(file);
  }
  if (!read.data)
    throw core::error::request("has no data: block", path,
                               "name a run's folder to take what its shoppers did");
  auto& data = *read.data;
  if (data.source.kind == "simulated") {
    const auto weekday = read.simulation ? read.simulation->calendar.start_weekday : 0;
    return eval::realism::behaviour_of(simulate_source(read, progress),
                                       eval::realism::shift_to_weekday(weekday));
  }
  data.clean.min_user_events = 1;
  data.clean.min_item_users = 1;
  data.clean.positive_above = -std::numeric_limits<double>::infinity();
  const auto quarantine = fs::temp_directory_path()
                          / ("souk-quarantine-" + std::to_string(::getpid()) + ".tsv");
  auto imported = data::import_source(data.source, data.clean, data.pseudonymise,
                                      quarantine.string(), progress);
  std::error_code ignored;
  fs::remove(quarantine, ignored);
  return eval::realism::behaviour_of(imported.dataset);
}

} // namespace

behaviour read_behaviour(const std::string& path,
                         const std::string& policy,
                         core::progress& progress) {
  const auto extension = fs::path{path}.extension();
  behaviour log;
  if (fs::is_directory(path))
    log = behaviour_of_run(path, policy);
  else if (extension == ".yaml" || extension == ".yml")
    log = behaviour_of_file(path, progress);
  else if (extension == ".h5")
    log = eval::realism::behaviour_of(data::read_dataset(path));
  else
    throw core::error::request(
      "is no log", path,
      "name a run's folder, a YAML file with a data: block (or one of configs/data/), "
      "or a dataset.h5");
  if (log.events.empty())
    throw core::error::request("holds no clicks, carts, purchases, returns or ratings",
                               path, "name another log");
  return log;
}

} // namespace souk::experiments
