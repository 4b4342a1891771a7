#include "experiments/run_context.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "data/dataset_file.hpp"
#include "data/snapshot_file.hpp"
#include "data/split.hpp"
#include "experiments/config/document.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"
#include "sim/exploration.hpp"
#include "sim/policy.hpp"
#include "sim/search_policies.hpp"
#include "sim/world.hpp"

#include <algorithm>

namespace souk::experiments {

std::shared_ptr<const prepared_data> prepare(core::dataset dataset,
                                             const experiment& options) {
  auto data = std::make_shared<prepared_data>();
  data->dataset = std::move(dataset);
  data->split = data::make_split(data->dataset, options.data->split, options.seed);
  data->training_attributes =
    core::select_rows(data->dataset.user_attributes, data->split.training_users);
  return data;
}

std::string snapshot_entry(const experiment& options, const std::string& model) {
  return options.model && options.model->name == model ? "model.h5"
                                                       : "baselines/" + model + ".h5";
}

experiment_context::experiment_context(experiment options,
                                       std::shared_ptr<const prepared_data> data,
                                       std::shared_ptr<actors::run_files> files)
  : options_{std::move(options)}, data_{std::move(data)}, files_{std::move(files)} {
  for (const auto& model : options_.all_models())
    if (models::has_learner(model.options))
      learned_.push_back(model.options);
}

std::uint64_t experiment_context::seed() const {
  return options_.seed;
}

const actors::training_options& experiment_context::training() const {
  return options_.training;
}

const std::vector<models::model_options>& experiment_context::learned_models() const {
  return learned_;
}

std::shared_ptr<const core::interactions> experiment_context::training_rows() const {
  return {data_, &data_->split.training};
}

std::shared_ptr<const sim::world> experiment_context::world(std::uint32_t number) {
  const std::lock_guard guard{mutex_};
  auto& world = worlds_[number];
  if (!world)
    world =
      sim::make_world(*options_.simulation,
                      data_ ? sim::catalogue_source{&data_->dataset, &data_->split}
                            : sim::catalogue_source{},
                      core::derive_seed(options_.seed, number));
  return world;
}

std::uint32_t experiment_context::cohort_users() const {
  return options_.simulation->population.cohort;
}

std::shared_ptr<const core::recommender>
experiment_context::recommender(const std::string& name) {
  const std::lock_guard guard{mutex_};
  auto& model = recommenders_[name];
  if (!model)
    model = models::make_recommender(
      data::read_snapshot(files_->find(snapshot_entry(options_, name))).model, 1);
  return model;
}

std::shared_ptr<const sim::policy>
experiment_context::plain_policy(const std::string& kind, std::uint32_t number) {
  if (kind == "random")
    return sim::make_random_policy();
  if (kind == "reference")
    return sim::make_reference_policy();
  if (kind == "bm25")
    return sim::make_bm25_policy(world(number));
  if (kind == "popularity" && options_.simulation->catalogue.from == "generated")
    return sim::make_popularity_policy(world(number));
  return sim::make_recommender_policy(recommender(kind));
}

std::shared_ptr<const sim::policy> experiment_context::policy(const std::string& name,
                                                              std::uint32_t number) {
  const auto& policies = options_.simulation->policies;
  const auto found = std::find_if(policies.begin(), policies.end(),
                                  [&](const auto& each) { return each.name == name; });
  core::expects(found != policies.end(), "a policy is one of the file's");
  if (found->kind == "epsilon_greedy")
    return sim::make_epsilon_greedy_policy(plain_policy(found->of, number),
                                           found->epsilon);
  if (found->kind == "plackett_luce")
    return sim::make_plackett_luce_policy(recommender(found->of), found->temperature);
  if (found->kind == "thompson")
    return sim::make_thompson_policy(recommender(found->of), found->draws);
  if (found->kind == "bm25_profile")
    return sim::make_bm25_profile_policy(recommender(found->of), found->weight);
  return plain_policy(found->kind, number);
}

core::numeric_platform experiment_context::platform() const {
  return models::platform();
}

std::shared_ptr<actors::run_context>
load_context(const std::string& configuration,
             std::shared_ptr<actors::run_files> files) {
  auto file = document::parse(configuration, "the run's config.yaml");
  auto options = read_experiment(file);
  use_numerics(options);
  std::shared_ptr<const prepared_data> data;
  if (options.data)
    data = prepare(data::read_dataset(files->find("dataset.h5")), options);
  return std::make_shared<experiment_context>(std::move(options), std::move(data),
                                              std::move(files));
}

} // namespace souk::experiments
