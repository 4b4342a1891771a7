#include "experiments/calibration/calibration.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "eval/intervals.hpp"
#include "eval/realism/statistics.hpp"
#include "experiments/calibration/log_items.hpp"
#include "experiments/calibration/nelder_mead.hpp"
#include "experiments/calibration/parameters.hpp"
#include "experiments/run_state.hpp"
#include "sim/warm_up.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace souk::experiments {

namespace {

using namespace eval::realism;

constexpr std::uint64_t fewest_users = 50;

/// Worlds of a search have so many users with events at most: enough for its
/// statistics.
constexpr std::uint32_t most_users = 3000;

/// Parts of the seed: worlds of the search, worlds that judge, searches.
constexpr std::uint64_t search_worlds = 0;
constexpr std::uint64_t fresh_worlds = 100;
constexpr std::uint64_t search_seeds = 200;
constexpr std::uint64_t num_fresh = 3;

std::map<std::string, double> distances_of(const statistics& compared,
                                           std::uint32_t ours,
                                           std::uint32_t theirs,
                                           const std::vector<std::string>* wanted) {
  std::map<std::string, double> distances;
  for (const auto& each : compared.compared)
    if (!wanted
        || std::find(wanted->begin(), wanted->end(), each.name) != wanted->end())
      distances[each.name] =
        each.between(user_weights(ours, 1), user_weights(theirs, 1));
  return distances;
}

class fitting {
public:
  fitting(const behaviour& log,
          const sim::simulation_options& start,
          const calibration_options& options,
          core::progress& progress,
          const std::atomic<bool>& stop)
    : log_{log}, visits_{cut_into_visits(log)}, kinds_{count_kinds(log)},
      options_{options}, progress_{progress}, stop_{stop} {
    made_.options = start;
    if (start.catalogue.from == "dataset")
      items_.emplace(log);
  }

  calibration run() {
    if (visits_.num_users() < fewest_users)
      throw core::error::request(
        "the early part has " + std::to_string(visits_.num_users()) + " users",
        "souk calibrate",
        "at least " + std::to_string(fewest_users)
          + " are needed: use a larger --early or another log");
    fit_moments(log_, visits_, made_.options, made_.notes);
    const auto users = std::min(most_users, visits_.num_users());
    made_.options.population.users = users;
    note_missing();
    const auto clicks = kinds_[static_cast<std::size_t>(core::event_kind::click)] > 0;
    const auto groups = groups_for(clicks, made_.options.catalogue.from);
    for (const auto& group : groups)
      total_worlds_ += options_.rounds * group.worlds * evaluations_of(group);
    for (std::uint32_t round = 0; round < options_.rounds; ++round) {
      for (const auto& group : groups)
        search(group, round);
      // Fewer users than the log's would scatter what is counted over pairs of items.
      match_users(users);
    }
    match_users(visits_.num_users());
    judge();
    return std::move(made_);
  }

private:
  bool is_missing(const std::string& statistic) const {
    return std::find(missing_names_.begin(), missing_names_.end(), statistic)
           != missing_names_.end();
  }

  /// What the log cannot be compared in even with itself.
  void note_missing() {
    for (const auto& each : compare_statistics(visits_, visits_).missing) {
      missing_names_.push_back(each.name);
      made_.missing.push_back(each.name + ": " + each.reason);
    }
  }

  /// The statistics of a group that the log identifies, in words; empty for none.
  std::string told_by(const parameter_group& group) const {
    std::string told;
    for (const auto& name : group.statistics)
      if (!is_missing(name))
        told += (told.empty() ? "" : ", ") + name;
    return told;
  }

  /// One parameter needs fewer worlds than four.
  std::uint32_t evaluations_of(const parameter_group& group) const {
    if (told_by(group).empty() || options_.evaluations == 0)
      return 0;
    const auto parameters = static_cast<std::uint32_t>(group.parameters.size());
    return std::max(4U, options_.evaluations * std::min(4U, parameters) / 4);
  }

  behaviour simulated(const sim::simulation_options& options, std::uint64_t world) {
    return simulate_behaviour(options, core::derive_seed(options_.seed, world), kinds_,
                              items_ ? items_->source(options)
                                     : sim::catalogue_source{});
  }

  /// The squared distances of a world to the log, summed over the statistics wanted.
  double objective(const sim::simulation_options& options,
                   const std::vector<std::string>& wanted,
                   std::uint64_t world) {
    if (stop_)
      throw interrupted{};
    const auto made = cut_into_visits(simulated(options, world));
    const auto found = distances_of(compare_statistics(made, visits_), made.num_users(),
                                    visits_.num_users(), &wanted);
    auto sum = 0.0;
    for (const auto& name : wanted) {
      const auto here = found.find(name);
      // A world that lacks what the log has is as far off as can be.
      const auto distance =
        here != found.end() ? here->second : (is_missing(name) ? 0 : 1);
      sum += distance * distance;
    }
    return sum;
  }

  void search(const parameter_group& group, std::uint32_t round) {
    const auto evaluations = evaluations_of(group);
    if (evaluations == 0)
      return;
    const auto told = told_by(group);
    const auto function = [&](const std::vector<double>& at) {
      auto tried = made_.options;
      move_to(group.parameters, at, tried);
      auto sum = 0.0;
      for (std::uint32_t world = 0; world < group.worlds; ++world) {
        sum += objective(tried, group.statistics, search_worlds + world);
        progress_.advance("calibrating", ++worlds_, total_worlds_, "worlds", told);
      }
      return sum;
    };
    const auto found =
      nelder_mead(function, coordinates_of(group.parameters, made_.options),
                  {core::derive_seed(options_.seed, search_seeds + round), evaluations,
                   round == 0 ? 0.5 : 0.2});
    move_to(group.parameters, found.at, made_.options);
    for (const auto& each : group.parameters) {
      each.of(made_.options) = four_digits(each.of(made_.options));
      made_.notes[each.key] = told;
    }
  }

  /// Some users have no session in a window: makes those who do so many.
  void match_users(std::uint32_t wanted) {
    const auto made = cut_into_visits(simulated(made_.options, search_worlds));
    const auto seen = std::max(1U, made.num_users());
    made_.options.population.users = static_cast<std::uint32_t>(
      std::lround(static_cast<double>(made_.options.population.users) * wanted / seen));
    made_.notes["population.users"] = "users with events";
  }

  void judge() {
    std::map<std::string, std::vector<double>> distances;
    for (std::uint64_t world = 0; world < num_fresh; ++world) {
      const auto made = cut_into_visits(simulated(made_.options, fresh_worlds + world));
      for (const auto& [name, distance] :
           distances_of(compare_statistics(made, visits_), made.num_users(),
                        visits_.num_users(), nullptr))
        distances[name].push_back(distance);
    }
    for (const auto& [name, of_worlds] : distances)
      made_.statistics.push_back({name, eval::mean_of(of_worlds)});
  }

  const behaviour& log_;
  visit_log visits_;
  kind_counts kinds_;
  calibration_options options_;
  core::progress& progress_;
  const std::atomic<bool>& stop_;
  calibration made_;
  std::optional<log_items> items_; ///< where worlds are over the log's own
  std::vector<std::string> missing_names_;
  std::uint64_t worlds_ = 0;
  std::uint64_t total_worlds_ = 0;
};

} // namespace

behaviour simulate_behaviour(const sim::simulation_options& options,
                             std::uint64_t seed,
                             const kind_counts& like,
                             const sim::catalogue_source& source) {
  const auto world = sim::make_world(options, source, seed);
  const auto run =
    sim::run_market(world, *sim::make_random_policy(), options.population.cohort);
  return only_kinds(behaviour_of(sim::dataset_of(*world, run.records),
                                 shift_to_weekday(options.calendar.start_weekday)),
                    like);
}

calibration calibrate(const behaviour& log,
                      const sim::simulation_options& start,
                      const calibration_options& options,
                      core::progress& progress,
                      const std::atomic<bool>& stop) {
  return fitting{log, start, options, progress, stop}.run();
}

} // namespace souk::experiments
