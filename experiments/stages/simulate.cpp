#include "core/clock.hpp"
#include "core/digest.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/session_log.hpp"
#include "data/snapshot_file.hpp"
#include "data/user_values_file.hpp"
#include "eval/item_counts.hpp"
#include "eval/popularity_rows.hpp"
#include "experiments/generators.hpp"
#include "experiments/market_rows.hpp"
#include "experiments/retraining.hpp"
#include "experiments/run_state.hpp"
#include "sim/market_totals.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// Writes what happens in one market after the other to the log of sessions, and has
/// policies learn from it.
class session_recorder : public actors::market_observer {
public:
  session_recorder(run_state& run, data::session_log_writer& log, retraining& teacher)
    : run_{run}, log_{log}, teacher_{teacher},
      counts_{run.context->world(0)->items().num_items} {
    const auto& options = *run.options.simulation;
    markets_ = sim::num_worlds(options) * options.policies.size();
    market_time_ = options.days * core::day_ms;
  }

  /// Says which market the following records belong to.
  void enter(std::size_t market, std::uint16_t policy, std::uint16_t world) {
    market_ = market;
    policy_ = policy;
    world_ = world;
    counts_.clear();
  }

  /// What was opened and bought since.
  const eval::item_counts& counts() const {
    return counts_;
  }

  void log(core::span<core::session_record> records) override {
    for (auto& record : records) {
      record.policy = policy_;
      record.world = world_;
    }
    counts_.add(records);
    log_.append(records);
  }

  void passed(core::time_ms time) override {
    const auto days = [](core::time_ms t) {
      return static_cast<std::uint64_t>(t / core::day_ms);
    };
    run_.progress->advance("simulating", market_ * days(market_time_) + days(time),
                           markets_ * days(market_time_), "days", where());
  }

  void learn(std::uint32_t version, const core::user_rows& histories) override {
    teacher_.learn(run_.options.simulation->policies[policy_], world_, version,
                   histories);
  }

private:
  /// "ease, world 2 of bootstrap"
  std::string where() const {
    const auto& options = *run_.options.simulation;
    const auto& generators = options.population.from;
    auto text = options.policies[policy_].name + ", world "
                + std::to_string(sim::replicate_of(options, world_));
    if (generators.size() > 1)
      text += " of " + generators[sim::generator_of(options, world_)].name;
    return text;
  }

  run_state& run_;
  data::session_log_writer& log_;
  retraining& teacher_;
  eval::item_counts counts_;
  std::size_t markets_ = 0;
  core::time_ms market_time_ = 0;
  std::size_t market_ = 0;
  std::uint16_t policy_ = 0;
  std::uint16_t world_ = 0;
};

actors::market_options market_of(const sim::simulation_options& options,
                                 const sim::policy_options& policy,
                                 std::uint32_t world) {
  actors::market_options market;
  market.policy = policy.name;
  market.retrain_every = policy.retrain_every;
  market.world = world;
  market.num_cohorts = (options.population.users + options.population.cohort - 1)
                       / options.population.cohort;
  market.end = options.days * core::day_ms;
  market.tick = options.tick;
  return market;
}

std::vector<std::string> names_of(const std::vector<sim::policy_options>& policies) {
  std::vector<std::string> names;
  for (const auto& policy : policies)
    names.push_back(policy.name);
  return names;
}

/// The log's files, as the manifest names them.
std::vector<std::string> segments_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".h5")
      files.push_back("sessions/" + entry.path().filename().string());
  std::sort(files.begin(), files.end());
  return files;
}

/// Kinds of models that generators are made of, by the generators' names. Factors are
/// what a truncated decomposition sees; bootstrapped users are nobody's model.
std::map<std::string, std::string> kinds_of_generators(const run_state& run) {
  std::map<std::string, std::string> kinds;
  for (const auto& generator : run.options.simulation->population.from)
    if (generator.kind == "run")
      kinds[generator.name] =
        data::read_snapshot(*run.directory / generator_entry(generator)).model.kind;
    else if (generator.kind == "factors")
      kinds[generator.name] = "pure_svd";
  return kinds;
}

/// All rows of what policies came to.
std::vector<core::result_row> rows_of(const run_state& run, const market_rows& found) {
  auto rows = found.ordinary();
  const auto append = [&](const std::vector<core::result_row>& more) {
    rows.insert(rows.end(), more.begin(), more.end());
  };
  if (run.data && run.options.simulation->catalogue.from == "dataset")
    append(eval::real_popularity_rows(run.data->split.training));
  append(found.cross_play(kinds_of_generators(run)));
  if (run.directory->finished("evaluate"))
    append(found.agreement(data::read_user_values(*run.directory / user_values_entry)));
  return rows;
}

} // namespace

void simulate_market(run_state& run) {
  if (run.directory->finished("simulate"))
    return;
  const auto began = core::seconds_now();
  const auto& options = *run.options.simulation;
  warn_of_generators_among_policies(run);
  auto& cluster = run.open_cluster();
  const auto folder = *run.directory / "sessions";
  // What a killed process left of this stage is made again, whole.
  fs::remove_all(folder);
  data::session_log_writer log{
    folder, {names_of(options.policies), run.context->world(0)->queries()}};
  retraining teacher{run};
  session_recorder recorder{run, log, teacher};
  market_rows found{run.options};
  std::size_t number = 0;
  for (std::uint16_t policy = 0; policy < options.policies.size(); ++policy)
    for (std::uint16_t world = 0; world < sim::num_worlds(options); ++world) {
      run.check_interrupt();
      const auto& arm = options.policies[policy];
      recorder.enter(number++, policy, world);
      const auto totals = [&] {
        try {
          return cluster.simulate(market_of(options, arm, world), recorder,
                                  *run.interrupt);
        } catch (const core::error&) {
          run.check_interrupt(); // that is why the market broke off
          throw;
        }
      }();
      teacher.forget_models(arm, world);
      found.add(arm.name, world, totals);
      found.add(arm.name, world, recorder.counts());
    }
  run.progress->advance("simulating", number * options.days, number * options.days,
                        "days", "");
  run.record.digests["sessions"] = log.close();
  auto rows = rows_of(run, found);
  const auto seconds = core::seconds_now() - began;
  const auto learnt = teacher.rows();
  rows.insert(rows.end(), learnt.begin(), learnt.end());
  rows.push_back(core::measured_row("online", "all", "logged_events_per_second",
                                    static_cast<double>(log.num_records()) / seconds,
                                    log.num_records()));
  run.add_rows(rows);
  auto files = segments_in(folder);
  const auto learnt_from = teacher.files();
  files.insert(files.end(), learnt_from.begin(), learnt_from.end());
  run.directory->mark_finished(run.record, "simulate", seconds, files);
  core::log::info("simulated " + std::to_string(number) + " markets, "
                  + std::to_string(log.num_records()) + " logged events");
}

} // namespace souk::experiments
