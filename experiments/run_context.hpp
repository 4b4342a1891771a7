#pragma once

#include "actors/run_context.hpp"
#include "core/dataset.hpp"
#include "core/recommender.hpp"
#include "data/snapshot_file.hpp"
#include "experiments/experiment.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace souk::experiments {

class world_source;

/// The data that all stages work on.
struct prepared_data {
  core::dataset dataset;
  core::split split;
  /// Attributes of the training users, one row per training row.
  core::attribute_table training_attributes;
};

/// Cuts the split of a dataset and selects the attributes that go with it. Throws
/// `core::error` (of the request) if the data does not suffice for the split.
std::shared_ptr<const prepared_data> prepare(core::dataset dataset,
                                             const experiment& options);

/// The snapshot's path inside a run: `model.h5` for the file's model, else
/// `baselines/<name>.h5`.
std::string snapshot_entry(const experiment& options, const std::string& model);

/// The folder inside a run of what a policy learnt, and learnt from, when it was
/// trained in a world for the `version`-th time: `rows.h5` and `model.h5`.
std::string
retraining_entry(const std::string& policy, std::uint32_t world, std::uint32_t version);

/// What the numbers in a model of this data stand for.
data::model_vocabulary vocabulary_of(const prepared_data& data);

/// What a process of a run makes of the experiment's file and the run's directory.
class experiment_context : public actors::run_context {
public:
  /// `files` have the trained models, once there are any; `data` is null where the
  /// experiment has none.
  experiment_context(experiment options,
                     std::shared_ptr<const prepared_data> data,
                     std::shared_ptr<actors::run_files> files);
  ~experiment_context() override;

  std::uint64_t seed() const override;
  const actors::training_options& training() const override;
  const std::vector<models::model_options>& learned_models() const override;
  std::shared_ptr<const core::interactions> training_rows() const override;
  std::shared_ptr<const core::interactions>
  training_rows_with(const std::string& further_rows) override;
  std::shared_ptr<const sim::world> world(std::uint32_t number) override;
  std::uint32_t cohort_users() const override;
  std::shared_ptr<const sim::policy>
  policy(const std::string& name, std::uint32_t world, std::uint32_t version) override;
  core::numeric_platform platform() const override;

private:
  /// A model's file, made a recommender once.
  struct loaded_model {
    std::string entry;
    std::shared_ptr<const core::recommender> model;
  };

  /// The model of a policy, as it is in a version of the policy.
  std::shared_ptr<const core::recommender> recommender(
    const sim::policy_options& policy, std::uint32_t world, std::uint32_t version);

  /// A policy that is what it recommends with: one without a model, or a model's.
  std::shared_ptr<const sim::policy> plain_policy(const sim::policy_options& policy,
                                                  std::uint32_t number,
                                                  std::uint32_t version);

  experiment options_;
  std::shared_ptr<const prepared_data> data_;
  std::shared_ptr<actors::run_files> files_;
  std::vector<models::model_options> learned_;
  std::mutex mutex_;                     ///< guards the caches below
  std::unique_ptr<world_source> source_; ///< of worlds, where any are asked for
  std::map<std::uint32_t, std::shared_ptr<const sim::world>> worlds_;
  std::map<std::string, loaded_model> recommenders_; ///< by model
  loaded_model retrained_;                           ///< of the market that goes on
  std::pair<std::string, std::shared_ptr<const core::interactions>> rows_with_;
};

/// Makes the context of a node: reads the file's text and the run's dataset.
std::shared_ptr<actors::run_context>
load_context(const std::string& configuration,
             std::shared_ptr<actors::run_files> files);

} // namespace souk::experiments
