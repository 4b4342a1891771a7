#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/session_log.hpp"
#include "data/snapshot_file.hpp"
#include "data/user_values_file.hpp"
#include "eval/popularity_rows.hpp"
#include "experiments/finished_markets.hpp"
#include "experiments/generators.hpp"
#include "experiments/market_rows.hpp"
#include "experiments/retraining.hpp"
#include "experiments/run_state.hpp"
#include "experiments/session_recorder.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// Records that are closed as a segment when a market is over, so that a run which
/// breaks off need not make them again.
constexpr std::uint64_t records_worth_keeping = std::uint64_t{1} << 17;

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

/// Returns the finished markets of a run that broke off, as far as the list is in the
/// file's order and the log is whole; takes the others off the list.
std::vector<finished_market>
usable(const run_state& run, const std::string& folder, finished_markets& list) {
  const auto worlds = sim::num_worlds(*run.options.simulation);
  auto markets = list.read();
  const auto all = markets.size();
  auto whole =
    data::count_whole_segments(folder, markets.empty() ? 0 : markets.back().segments);
  for (std::size_t i = 0; i < all; ++i)
    if (markets[i].policy * std::size_t{worlds} + markets[i].world != i)
      whole = std::min(whole, markets[i].segments - 1);
  const auto is_lost = [whole](const finished_market& market) {
    return market.segments > whole;
  };
  markets.erase(std::find_if(markets.begin(), markets.end(), is_lost), markets.end());
  if (markets.size() < all) {
    core::log::warning(std::to_string(all - markets.size())
                       + " finished markets are not in the log any more, which is "
                         "damaged: they are simulated again");
    list.replace(markets);
  }
  return markets;
}

/// All markets of a simulation, one after the other; those of a run that broke off are
/// taken over from it.
class market_series {
public:
  market_series(run_state& run, const std::string& folder)
    : run_{run}, finished_{folder}, taken_over_{usable(run, folder, finished_)},
      log_{data::session_log_writer::continued(
        folder,
        {names_of(run.options.simulation->policies), run.context->world(0)->queries()},
        taken_over_.empty() ? 0 : taken_over_.back().segments)},
      teacher_{run}, recorder_{run, log_, teacher_}, found_{run.options},
      records_before_{log_.num_records()} {
    for (const auto& market : taken_over_) {
      add(market);
      teacher_.note(arm_of(market), market.world, market.retrainings);
    }
    if (!taken_over_.empty())
      core::log::info(std::to_string(taken_over_.size())
                      + " markets were over before: going on after them");
  }

  void simulate_all() {
    const auto& options = *run_.options.simulation;
    std::size_t number = 0;
    for (std::uint16_t policy = 0; policy < options.policies.size(); ++policy)
      for (std::uint16_t world = 0; world < sim::num_worlds(options); ++world)
        if (number++ >= taken_over_.size())
          simulate(number - 1, policy, world);
    run_.progress->advance("simulating", number * options.days, number * options.days,
                           "days", "");
    run_.record.digests["sessions"] = log_.close();
    core::log::info("simulated " + std::to_string(number) + " markets, "
                    + std::to_string(log_.num_records()) + " logged events");
  }

  /// All rows, given how long this run has been at it.
  std::vector<core::result_row> rows(double seconds) const {
    auto rows = rows_of(run_, found_);
    const auto learnt = teacher_.rows();
    rows.insert(rows.end(), learnt.begin(), learnt.end());
    const auto records = log_.num_records() - records_before_;
    rows.push_back(core::measured_row("online", "all", "logged_events_per_second",
                                      static_cast<double>(records) / seconds, records));
    return rows;
  }

  /// Files that policies learnt from.
  std::vector<std::string> files() const {
    return teacher_.files();
  }

  /// Removes the list of finished markets: all are.
  void forget_list() {
    finished_.remove();
  }

private:
  const sim::policy_options& arm_of(const finished_market& market) const {
    return run_.options.simulation->policies.at(market.policy);
  }

  void add(const finished_market& market) {
    found_.add(arm_of(market).name, market.world, market.values);
  }

  void simulate(std::size_t number, std::uint16_t policy, std::uint16_t world) {
    if (*run_.interrupt && !waiting_.empty())
      keep_waiting();
    run_.check_interrupt();
    const auto& options = *run_.options.simulation;
    const auto& arm = options.policies[policy];
    recorder_.enter(number, policy, world);
    const auto totals = [&] {
      try {
        return run_.cluster->simulate(market_of(options, arm, world), recorder_,
                                      *run_.interrupt);
      } catch (const core::error&) {
        run_.check_interrupt(); // that is why the market broke off
        throw;
      }
    }();
    finished_market market;
    market.policy = policy;
    market.world = world;
    market.retrainings = teacher_.times(arm, world);
    market.values = values_of(totals, recorder_.counts());
    add(market);
    keep(std::move(market));
    teacher_.forget_models(arm, world);
  }

  /// Small markets wait for others before they are worth a segment, unless a model
  /// was trained in them.
  void keep(finished_market market) {
    const auto is_small = log_.num_buffered() < records_worth_keeping
                          && log_.num_segments() == segments_kept_
                          && market.retrainings == 0;
    waiting_.push_back(std::move(market));
    if (is_small)
      return;
    keep_waiting();
  }

  void keep_waiting() {
    log_.flush();
    segments_kept_ = log_.num_segments();
    for (auto& each : waiting_)
      each.segments = segments_kept_;
    finished_.add(waiting_);
    waiting_.clear();
  }

  run_state& run_;
  finished_markets finished_;
  const std::vector<finished_market> taken_over_;
  data::session_log_writer log_;
  retraining teacher_;
  session_recorder recorder_;
  market_rows found_;
  std::uint64_t records_before_;
  std::vector<finished_market> waiting_; ///< over, but not in the list yet
  std::uint32_t segments_kept_ = log_.num_segments();
};

} // namespace

void simulate_market(run_state& run) {
  if (run.directory->finished("simulate"))
    return;
  const auto began = core::seconds_now();
  warn_of_generators_among_policies(run);
  run.open_cluster();
  const auto folder = *run.directory / "sessions";
  fs::create_directories(folder);
  market_series markets{run, folder};
  markets.simulate_all();
  const auto seconds = core::seconds_now() - began;
  run.add_rows(markets.rows(seconds));
  auto files = segments_in(folder);
  const auto learnt_from = markets.files();
  files.insert(files.end(), learnt_from.begin(), learnt_from.end());
  run.directory->mark_finished(run.record, "simulate", seconds, files);
  markets.forget_list();
}

} // namespace souk::experiments
