#include "core/clock.hpp"
#include "core/log.hpp"
#include "data/snapshot_file.hpp"
#include "data/user_values_file.hpp"
#include "eval/rows.hpp"
#include "experiments/run_state.hpp"
#include "models/model.hpp"

#include <filesystem>

namespace souk::experiments {

namespace {

/// What all models came to on the test users.
struct scores {
  std::vector<eval::evaluation> offline;
  std::vector<eval::cold_start_curve> strangers;
  std::vector<core::result_row> speeds;
};

eval::cold_start_options cold_start_of(const evaluation_options& options,
                                       std::uint64_t seed) {
  eval::cold_start_options wanted;
  if (!options.history.empty())
    wanted.history = options.history;
  wanted.min_fold_in = options.min_fold_in;
  wanted.draws = options.draws;
  wanted.seed = seed;
  return wanted;
}

void score(run_state& run, const named_model& model, scores& all) {
  const auto& options = *run.options.evaluation;
  const auto metrics = eval::parse_metrics(options.metrics);
  const auto path = *run.directory / snapshot_entry(run.options, model.name);
  const auto ranker = models::make_recommender(
    data::read_snapshot(path).model,
    run.options.cluster.trainers * run.options.cluster.threads_per_trainer);
  const auto& test = run.data->split.test;
  const auto* attributes = &run.data->dataset.user_attributes;

  const auto began = core::seconds_now();
  auto offline = eval::evaluate(*ranker, test, attributes, metrics, *run.progress);
  const auto seconds = core::seconds_now() - began;
  if (offline.num_skipped > 0)
    core::log::info(std::to_string(offline.num_skipped)
                    + " test users have nothing held out and are not judged");
  all.speeds.push_back(core::measured_row(
    "offline", model.name, "users_ranked_per_second",
    static_cast<double>(offline.users.size()) / seconds, offline.users.size()));
  offline.model = model.name;
  all.offline.push_back(std::move(offline));

  run.check_interrupt();
  auto strangers =
    eval::cold_start(*ranker, test, attributes, metrics,
                     cold_start_of(options, run.options.seed), *run.progress);
  strangers.model = model.name;
  if (strangers.users.empty())
    core::log::warning("nobody has " + std::to_string(options.min_fold_in)
                       + " fold-in events: there are no rows about strangers; lower "
                         "evaluation.history.min_fold_in");
  all.strangers.push_back(std::move(strangers));
}

/// What each test user got of each model, metric by metric.
std::vector<data::user_values>
values_of(const std::vector<eval::evaluation>& evaluations) {
  std::vector<data::user_values> all;
  for (const auto& each : evaluations)
    for (std::size_t i = 0; i < each.metrics.size(); ++i)
      if (each.metrics[i].is_per_user())
        all.push_back(
          {each.model, eval::to_string(each.metrics[i]), each.users, each.values[i]});
  return all;
}

} // namespace

void evaluate_models(run_state& run) {
  if (run.directory->finished("evaluate"))
    return;
  const auto began = core::seconds_now();
  if (run.data->split.test.users.empty())
    core::log::warning("there are no test users: nothing is judged; see data.split");
  scores all;
  for (const auto& model : run.options.all_models()) {
    run.check_interrupt();
    score(run, model, all);
  }
  eval::resampling_options resampling;
  resampling.seed = run.options.seed;
  auto rows = eval::rows_of(all.offline, resampling);
  const auto strangers = eval::rows_of(all.strangers, resampling);
  rows.insert(rows.end(), strangers.begin(), strangers.end());
  rows.insert(rows.end(), all.speeds.begin(), all.speeds.end());
  data::write_user_values(*run.directory / user_values_entry, values_of(all.offline));
  run.add_rows(rows);
  run.directory->mark_finished(run.record, "evaluate", core::seconds_now() - began,
                               {user_values_entry});
}

} // namespace souk::experiments
