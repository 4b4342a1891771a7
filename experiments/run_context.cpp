#include "experiments/run_context.hpp"

#include "core/error.hpp"
#include "data/dataset_file.hpp"
#include "data/snapshot_file.hpp"
#include "data/split.hpp"
#include "data/user_rows_file.hpp"
#include "experiments/config/document.hpp"
#include "experiments/generators.hpp"
#include "experiments/world_source.hpp"
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
  data->split = data::make_split(data->dataset, options.data->split,
                                 options.data->split.seed.value_or(options.seed));
  data->training_attributes =
    core::select_rows(data->dataset.user_attributes, data->split.training_users);
  return data;
}

std::string snapshot_entry(const experiment& options, const std::string& model) {
  return options.model && options.model->name == model ? "model.h5"
                                                       : "baselines/" + model + ".h5";
}

std::string retraining_entry(const std::string& policy,
                             std::uint32_t world,
                             std::uint32_t version) {
  return "retraining/" + policy + '/' + std::to_string(world) + '/'
         + std::to_string(version);
}

data::model_vocabulary vocabulary_of(const prepared_data& data) {
  data::model_vocabulary vocabulary;
  for (const auto item : data.split.items)
    vocabulary.items.push_back(data.dataset.item_names[item]);
  return vocabulary;
}

experiment_context::experiment_context(experiment options,
                                       std::shared_ptr<const prepared_data> data,
                                       std::shared_ptr<actors::run_files> files)
  : options_{std::move(options)}, data_{std::move(data)}, files_{std::move(files)} {
  for (const auto& model : options_.all_models())
    if (models::has_learner(model.options))
      learned_.push_back(model.options);
}

experiment_context::~experiment_context() = default;

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

std::shared_ptr<const core::interactions>
experiment_context::training_rows_with(const std::string& further_rows) {
  const std::lock_guard guard{mutex_};
  if (rows_with_.first != further_rows) {
    auto all = std::make_shared<core::interactions>(data_->split.training);
    all->times.clear(); // nobody learns from them
    const auto further = data::read_user_rows(files_->find(further_rows));
    for (std::size_t row = 0; row < further.rows.num_rows(); ++row)
      all->append_row(further.rows.row(row));
    rows_with_ = {further_rows, std::move(all)};
  }
  return rows_with_.second;
}

std::shared_ptr<const sim::world> experiment_context::world(std::uint32_t number) {
  const std::lock_guard guard{mutex_};
  auto& world = worlds_[number];
  const auto& options = *options_.simulation;
  if (!source_)
    source_ = std::make_unique<world_source>(
      options, data_, options_.seed, [this](const sim::generator_options& generator) {
        return files_->find(generator_entry(generator));
      });
  if (!world)
    world = source_->make(sim::generator_of(options, number),
                          sim::replicate_of(options, number));
  return world;
}

std::uint32_t experiment_context::cohort_users() const {
  return options_.simulation->population.cohort;
}

std::shared_ptr<const core::recommender> experiment_context::recommender(
  const sim::policy_options& policy, std::uint32_t world, std::uint32_t version) {
  const auto& name = sim::recommends_with(policy);
  const auto entry = version == 0
                       ? snapshot_entry(options_, name)
                       : retraining_entry(policy.name, world, version) + "/model.h5";
  const std::lock_guard guard{mutex_};
  auto& known = version == 0 ? recommenders_[name] : retrained_;
  if (known.entry != entry)
    known = {entry, models::make_recommender(
                      data::read_snapshot(files_->find(entry)).model, 1)};
  return known.model;
}

std::shared_ptr<const sim::policy> experiment_context::plain_policy(
  const sim::policy_options& policy, std::uint32_t number, std::uint32_t version) {
  const auto& kind = sim::recommends_with(policy);
  if (kind == "random")
    return sim::make_random_policy();
  if (kind == "reference")
    return sim::make_reference_policy();
  if (kind == "bm25")
    return sim::make_bm25_policy(world(number));
  if (kind == "popularity" && !options_.is_recommender(kind))
    return sim::make_popularity_policy(world(number));
  return sim::make_recommender_policy(recommender(policy, number, version));
}

std::shared_ptr<const sim::policy> experiment_context::policy(const std::string& name,
                                                              std::uint32_t number,
                                                              std::uint32_t version) {
  const auto& policies = options_.simulation->policies;
  const auto found = std::find_if(policies.begin(), policies.end(),
                                  [&](const auto& each) { return each.name == name; });
  core::expects(found != policies.end(), "a policy is one of the file's");
  const auto model = [&] {
    return recommender(*found, number, version);
  };
  if (found->kind == "epsilon_greedy")
    return sim::make_epsilon_greedy_policy(plain_policy(*found, number, version),
                                           found->epsilon);
  if (found->kind == "plackett_luce")
    return sim::make_plackett_luce_policy(model(), found->temperature);
  if (found->kind == "thompson")
    return sim::make_thompson_policy(model(), found->draws);
  if (found->kind == "bm25_profile")
    return sim::make_bm25_profile_policy(model(), found->weight);
  return plain_policy(*found, number, version);
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
