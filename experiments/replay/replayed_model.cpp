#include "experiments/replay/replayed_model.hpp"

#include "core/error.hpp"
#include "data/dataset_file.hpp"
#include "data/snapshot_file.hpp"
#include "experiments/config/document.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/run_context.hpp"
#include "experiments/run_directory.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <filesystem>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// A run's folder and the name of a model; empty: the file's.
struct model_words {
  std::string run;
  std::string name;
};

model_words split(const std::string& words) {
  std::error_code unknown;
  const auto colon = words.rfind(':');
  if (fs::is_directory(words, unknown) || colon == std::string::npos)
    return {words, ""};
  return {words.substr(0, colon), words.substr(colon + 1)};
}

std::string name_of_model(const model_words& words, const experiment& options) {
  std::vector<std::string> known;
  for (const auto& model : options.all_models())
    known.push_back(model.name);
  if (known.empty())
    throw core::error::request("the run has no model", words.run,
                               "add model: or baselines: to its file");
  if (words.name.empty() && !options.model)
    throw core::error::request("the run's file has no model of its own", words.run,
                               "name a baseline: --model " + words.run + ':'
                                 + known.front());
  if (words.name.empty())
    return options.model->name;
  if (std::find(known.begin(), known.end(), words.name) == known.end())
    throw core::error::request("is no model of the run: " + words.name, words.run,
                               suggestion(words.name, known));
  return words.name;
}

/// Who the model was trained on.
void read_training(replayed_model& model) {
  const auto data =
    prepare(data::read_dataset(model.run + "/dataset.h5"), model.options);
  for (const auto user : data->split.training_users)
    model.trained.users.push_back(data->dataset.user_names[user]);
  model.training = {data, &data->split.training};
  model.trained.rows = model.training.get();
}

} // namespace

replayed_model read_replayed_model(const std::string& words) {
  const auto asked = split(words);
  std::error_code unknown;
  if (!fs::is_directory(asked.run, unknown))
    throw core::error::request("there is no such run", asked.run,
                               "name the folder of a run: --model RUN, or RUN:NAME");
  const auto record = read_manifest(asked.run);
  replayed_model model;
  model.run = asked.run;
  auto file = document::load(asked.run + "/config.yaml");
  model.options = read_experiment(file);
  model.name = name_of_model(asked, model.options);
  if (!record.finished("train"))
    throw core::error::request("the run has no trained model yet", asked.run,
                               "finish it with --resume first");
  use_numerics(model.options);
  const auto entry = snapshot_entry(model.options, model.name);
  check_file(record, asked.run, entry);
  auto stored = data::read_snapshot(asked.run + '/' + entry);
  model.uses_attributes = stored.model.kind == "segment_popularity";
  model.items = std::move(stored.vocabulary.items);
  model.recommender = models::make_recommender(std::move(stored.model), 1);
  read_training(model);
  return model;
}

} // namespace souk::experiments
