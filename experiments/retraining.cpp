#include "experiments/retraining.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/hashed_file.hpp"
#include "data/snapshot_file.hpp"
#include "data/user_rows_file.hpp"
#include "experiments/training_recorder.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"
#include "sim/attribute_rows.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <filesystem>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// Follows a training that is short enough to begin again when a process is lost.
class retraining_observer : public actors::training_observer {
public:
  retraining_observer(run_state& run,
                      const models::model_options& model,
                      std::string task,
                      std::string detail,
                      std::uint64_t total_steps)
    : run_{run}, task_{std::move(task)}, detail_{std::move(detail)},
      total_steps_{total_steps}, network_{models::make_network(
                                   model, run.data->split.training.num_items)} {
    // nop
  }

  actors::training_start start() override {
    return {};
  }

  void record(std::uint64_t step, std::uint64_t, const char* name, double) override {
    if (std::string{name} == "loss")
      run_.progress->advance(task_, step, total_steps_, "steps", detail_);
  }

  std::optional<double> validate(core::span<const float> parameters) override {
    return validation_metric(run_, *network_, parameters);
  }

  void save(const actors::training_progress&, const actors::training_view&) override {
    // What is lost is trained again.
  }

  void finished(const actors::training_progress&,
                core::span<const float> parameters) override {
    trained_ = network_->to_snapshot(parameters);
  }

  const core::snapshot& model() const {
    return trained_;
  }

private:
  run_state& run_;
  std::string task_;
  std::string detail_;
  std::uint64_t total_steps_;
  std::unique_ptr<models::network> network_;
  core::snapshot trained_;
};

/// Whether a model was trained on just these rows before, and is whole.
bool is_there(const std::string& folder, const core::user_rows& histories) {
  if (!fs::exists(folder + "/model.h5"))
    return false;
  try {
    data::verified(folder + "/model.h5");
    return core::same_rows(data::read_user_rows(folder + "/rows.h5"), histories);
  } catch (const core::error& damaged) {
    core::log::warning(std::string{damaged.what()} + "; training it again");
    return false;
  }
}

/// Attributes of the training users, then those of the shoppers, as far as their shop
/// knows them.
core::attribute_table attributes_with(const prepared_data& data,
                                      const sim::world& market,
                                      const std::vector<core::user_id>& users) {
  const auto& profiles = market.people().profiles();
  // Profiles of the training users have the columns that shoppers' have: no texts.
  auto all = sim::user_attributes::of_dataset(data.dataset.user_attributes,
                                              data.split.training_users)
               .profiles();
  for (const auto user : users)
    if (market.knows_attributes_of(user))
      sim::append_row(profiles, market.people().draw(market.seed(), user), all);
    else
      sim::append_unknown_row(all);
  return all;
}

/// Number of a model among those with a learner, as `run_context` counts them.
std::uint32_t number_of(const run_state& run, const named_model& model) {
  std::uint32_t number = 0;
  for (const auto& each : run.options.all_models()) {
    if (each.name == model.name)
      break;
    number += models::has_learner(each.options) ? 1 : 0;
  }
  return number;
}

named_model model_of(const run_state& run, const sim::policy_options& policy) {
  const auto all = run.options.all_models();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) {
    return each.name == sim::recommends_with(policy);
  });
  core::expects(found != all.end(), "whoever learns is a model of the file");
  return *found;
}

} // namespace

core::snapshot retraining::train(const sim::policy_options& policy,
                                 std::uint32_t world,
                                 std::uint32_t version,
                                 const core::user_rows& histories) {
  const auto model = model_of(run_, policy);
  const auto rows = retraining_entry(policy.name, world, version) + "/rows.h5";
  const auto task = "retraining " + policy.name;
  const auto end = run_.options.simulation->days * core::day_ms;
  const auto detail = "world " + std::to_string(world) + ", " + std::to_string(version)
                      + " of " + std::to_string((end - 1) / policy.retrain_every);
  if (!models::has_learner(model.options)) {
    run_.progress->advance(task, 0, 0, "steps", detail);
    const auto all = run_.context->training_rows_with(rows);
    const auto attributes =
      attributes_with(*run_.data, *run_.context->world(world), histories.users);
    core::silent_progress quiet;
    return models::fit(model.options, {all.get(), &attributes}, quiet);
  }
  actors::training_variation variation;
  variation.further_rows = rows;
  variation.epochs = policy.retrain_epochs;
  const auto& training = run_.options.training;
  const auto users = run_.data->split.training.num_rows() + histories.users.size();
  const actors::batches plan{static_cast<std::uint32_t>(users), training.batch_users,
                             training.blocks};
  const auto observer = std::make_shared<retraining_observer>(
    run_, model.options, task, detail,
    policy.retrain_epochs.value_or(training.epochs) * plan.per_epoch());
  const auto outcome = run_.open_cluster().train(number_of(run_, model), observer,
                                                 *run_.interrupt, variation);
  if (outcome == actors::training_outcome::interrupted)
    throw interrupted{};
  return observer->model();
}

void retraining::learn(const sim::policy_options& policy,
                       std::uint32_t world,
                       std::uint32_t version,
                       const core::user_rows& histories) {
  run_.check_interrupt();
  const auto began = core::seconds_now();
  const auto folder = *run_.directory / retraining_entry(policy.name, world, version);
  if (!is_there(folder, histories)) {
    // A model without its rows is nobody's.
    fs::remove_all(folder);
    fs::create_directories(folder);
    data::write_user_rows(folder + "/rows.h5", histories);
    data::write_snapshot(folder + "/model.h5", train(policy, world, version, histories),
                         vocabulary_of(*run_.data));
  }
  auto& known = accounts_[policy.name];
  known.versions[world] = std::max(known.versions[world], version);
  known.seconds += core::seconds_now() - began;
}

std::uint32_t retraining::times(const sim::policy_options& policy,
                                std::uint32_t world) const {
  const auto found = accounts_.find(policy.name);
  if (found == accounts_.end())
    return 0;
  const auto versions = found->second.versions.find(world);
  return versions == found->second.versions.end() ? 0 : versions->second;
}

void retraining::note(const sim::policy_options& policy,
                      std::uint32_t world,
                      std::uint32_t times) {
  if (times > 0)
    accounts_[policy.name].versions[world] = times;
}

void retraining::forget_models(const sim::policy_options& policy,
                               std::uint32_t world) const {
  for (std::uint32_t version = 1;; ++version) {
    const auto model =
      *run_.directory / retraining_entry(policy.name, world, version) + "/model.h5";
    if (!fs::remove(model))
      return;
    fs::remove(model + ".sha256");
  }
}

std::vector<core::result_row> retraining::rows() const {
  std::vector<core::result_row> rows;
  for (const auto& policy : run_.options.simulation->policies) {
    const auto found = accounts_.find(policy.name);
    if (found == accounts_.end())
      continue;
    std::uint64_t times = 0;
    for (const auto& [world, versions] : found->second.versions)
      times += versions;
    const auto worlds = found->second.versions.size();
    rows.push_back(core::exact_row(
      "online", policy.name, "retrainings",
      static_cast<double>(times) / static_cast<double>(worlds), worlds));
    rows.push_back(core::measured_row("online", policy.name, "retraining_seconds",
                                      found->second.seconds, times));
  }
  return rows;
}

std::vector<std::string> retraining::files() const {
  std::vector<std::string> files;
  for (const auto& [policy, known] : accounts_)
    for (const auto& [world, versions] : known.versions)
      for (std::uint32_t version = 1; version <= versions; ++version)
        files.push_back(retraining_entry(policy, world, version) + "/rows.h5");
  return files;
}

} // namespace souk::experiments
