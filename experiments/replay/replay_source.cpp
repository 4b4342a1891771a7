#include "experiments/replay/replay_source.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "data/dataset_file.hpp"
#include "data/description.hpp"
#include "data/import.hpp"
#include "experiments/blocks.hpp"
#include "experiments/config/document.hpp"
#include "experiments/run_context.hpp"
#include "experiments/run_directory.hpp"
#include "experiments/simulated_source.hpp"

#include <filesystem>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

data::recording_options recording_of(const data_options& options) {
  data::recording_options recording;
  recording.positives = options.clean.positives;
  // A source of sessions knows no people: its users are the sessions.
  if (options.source.kind == "sessions")
    recording.session_gap.reset();
  return recording;
}

replay_source source_of(core::dataset dataset,
                        const std::string& name,
                        const data::recording_options& recording) {
  replay_source source;
  source.name = name;
  source.log = data::recorded_log_of(dataset, recording);
  if (!dataset.user_attributes.columns.empty())
    source.users =
      std::make_shared<const core::attribute_table>(std::move(dataset.user_attributes));
  return source;
}

/// A block of data, in an experiment's file or as a file of its own.
data_options data_in(document& file) {
  data_options options;
  auto root = file.root();
  if (root.has("data"))
    read_data(root.require_at("data"), options);
  else if (root.has("source"))
    read_data(root, options);
  else
    throw file.error_at("", "has no data: block", "say where the log comes from");
  return options;
}

replay_source read_file(const std::string& path,
                        const std::string& quarantine_path,
                        core::progress& progress) {
  auto file = document::load(path);
  const auto options = data_in(file);
  const auto name = fs::path{path}.stem().string();
  if (options.source.kind == "simulated") {
    auto whole = document::load(path);
    return source_of(simulate_source(read_experiment(whole), progress), name,
                     recording_of(options));
  }
  auto imported = data::import_source(options.source, options.clean,
                                      options.pseudonymise, quarantine_path, progress);
  core::log::info(imported.report.to_text());
  return source_of(std::move(imported.dataset), name, recording_of(options));
}

replay_source read_dataset_file(const std::string& path,
                                const std::string& name,
                                const data::recording_options& recording) {
  const auto kind = data::describe_file(path).kind;
  if (kind != "dataset")
    throw core::error::request("is no log but a file of kind " + kind, path,
                               "name a dataset.h5, a YAML file with a data: block, or "
                               "a run's folder");
  return source_of(data::read_dataset(path), name, recording);
}

/// The names of a catalogue's items, by number.
std::vector<std::string> catalogue_of(const std::string& run,
                                      const experiment& options) {
  if (!options.models_know_items())
    throw core::error::request(
      "is the log of a generated catalogue, whose items no model knows", run,
      "simulate with catalogue: {from: dataset}, or a preset's users beside "
      "data.source: {kind: simulated}");
  const auto data = prepare(data::read_dataset(run + "/dataset.h5"), options);
  std::vector<std::string> names;
  for (const auto item : data->split.items)
    names.push_back(data->dataset.item_names[item]);
  return names;
}

replay_source read_run(const std::string& run) {
  const auto record = read_manifest(run);
  auto file = document::load(run + "/config.yaml");
  const auto options = read_experiment(file);
  const auto has_log = options.simulation && record.finished("simulate");
  if (!has_log && !record.finished("import"))
    throw core::error::request("the run has neither a log nor data yet", run,
                               "finish it with --resume first");
  if (!has_log)
    return read_dataset_file(run + "/dataset.h5", record.name,
                             recording_of(*options.data));
  auto items = catalogue_of(run, options);
  core::log::info("replays the log of the run's shoppers; its data is " + run
                  + "/dataset.h5");
  replay_source source;
  source.name = record.name + "-sessions";
  source.log = data::read_simulated_log(run + "/sessions", std::move(items),
                                        recording_of(*options.data));
  return source;
}

/// A run's dataset.h5 is read as the run's file says.
replay_source read_lone_dataset(const std::string& path, const replayed_model& model) {
  const auto beside = fs::path{path}.parent_path() / "config.yaml";
  auto recording = recording_of(*model.options.data);
  recording.session_gap = data::recording_options{}.session_gap;
  auto name = fs::path{path}.stem().string();
  if (fs::path{path}.filename() == "dataset.h5" && fs::exists(beside)) {
    auto file = document::load(beside.string());
    const auto options = read_experiment(file);
    if (options.data)
      recording = recording_of(*options.data);
    name = options.name;
  }
  return read_dataset_file(path, name, recording);
}

replay_source read_any(const std::string& path,
                       const replayed_model& model,
                       const std::string& quarantine_path,
                       core::progress& progress) {
  std::error_code unknown;
  const auto extension = fs::path{path}.extension();
  if (fs::is_directory(path, unknown))
    return read_run(path);
  if (!fs::exists(path, unknown))
    throw core::error::request("there is no such log", path,
                               "name a dataset.h5, a YAML file with a data: block, or "
                               "a run's folder");
  if (extension == ".h5")
    return read_lone_dataset(path, model);
  if (extension == ".yaml" || extension == ".yml")
    return read_file(path, quarantine_path, progress);
  throw core::error::request("is no log that souk can replay", path,
                             "describe it in the data: block of a YAML file");
}

} // namespace

replay_source read_replay_source(const std::string& path,
                                 const replayed_model& model,
                                 const std::string& quarantine_path,
                                 core::progress& progress) {
  auto source = read_any(path, model, quarantine_path, progress);
  if (source.log.events.empty())
    throw core::error::request("there is nothing to replay: the log has no positive "
                               "events",
                               path,
                               "see data.clean.positives and what cleaning dropped");
  return source;
}

} // namespace souk::experiments
