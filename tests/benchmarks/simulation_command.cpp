#include "core/at_end.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "data/session_log.hpp"
#include "models/autoencoder_scorer.hpp"
#include "models/ranking.hpp"
#include "sim/population.hpp"
#include "sim/record_merge.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/memory_use.hpp"
#include "tests/benchmarks/random_model.hpp"
#include "tests/benchmarks/timed_scorer.hpp"

#include <ctime>
#include <filesystem>

namespace souk::benchmarks {

namespace {

namespace fs = std::filesystem;

using populations = std::vector<std::unique_ptr<sim::population>>;

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

sim::simulation_options options_of(const simulation_request& request) {
  auto options = sim::preset_options(request.preset);
  options.reco_gym.products = request.products;
  if (!sim::is_published_model(options))
    options.catalogue.items = request.products;
  options.regret_share = 0; // a measurement of ours, not part of anybody's life
  options.population.users = request.users;
  options.population.cohort = request.cohort;
  sim::validate(options);
  return options;
}

/// Who decides in a market.
struct shopkeeper {
  std::unique_ptr<sim::policy> policy;
  std::shared_ptr<const double> seconds_in_layers; ///< of a model; or null
};

shopkeeper shopkeeper_of(const simulation_request& request,
                         const std::shared_ptr<const sim::world>& market) {
  if (request.policy == "random")
    return {sim::make_random_policy(), nullptr};
  if (request.policy == "popularity")
    return {sim::make_popularity_policy(market), nullptr};
  if (request.policy == "mult_vae") {
    const auto seconds = std::make_shared<double>(0);
    auto layers = std::make_unique<models::autoencoder_scorer>(
      random_mult_vae(market->items().num_items));
    auto model = std::make_shared<models::ranking>(
      "mult_vae", std::make_unique<timed_scorer>(std::move(layers), seconds),
      /*threads=*/1);
    return {sim::make_recommender_policy(std::move(model)), seconds};
  }
  throw core::error::request("there is no policy \"" + request.policy + "\" here",
                             "--policy", "use random, popularity or mult_vae");
}

/// What became of a market: its totals, and how many records there were.
struct lived {
  sim::market_totals totals;
  std::uint64_t num_records = 0;
};

lived live_in_memory(const std::shared_ptr<const sim::world>& market,
                     const sim::policy& shop) {
  const auto& options = market->options();
  lived found;
  for (std::uint64_t first = 0; first < options.population.users;
       first += options.population.cohort) {
    const auto people = sim::make_population(market, static_cast<core::user_id>(first),
                                             options.population.cohort);
    while (people->next_wake() < market->end()) {
      const auto start = people->next_wake();
      people->live(start, start + options.tick, shop);
      found.num_records += people->take_records().size();
    }
    found.totals.merge(people->totals());
  }
  return found;
}

/// As the market's actor does it, in one thread.
lived live_to_log(const std::shared_ptr<const sim::world>& market,
                  const sim::policy& shop) {
  const auto folder = fs::temp_directory_path()
                      / ("souk_bench_simulate_" + std::to_string(std::time(nullptr)));
  const core::at_end remove{[&] {
    fs::remove_all(folder);
  }};
  const auto& options = market->options();
  data::session_log_writer log{folder.string(), {{shop.name()}, market->queries()}};
  populations people;
  for (std::uint64_t first = 0; first < options.population.users;
       first += options.population.cohort)
    people.push_back(sim::make_population(market, static_cast<core::user_id>(first),
                                          options.population.cohort));
  std::vector<std::vector<core::session_record>> told(people.size());
  for (core::time_ms start = 0; start < market->end(); start += options.tick) {
    auto anybody = false;
    std::vector<core::span<core::session_record>> parts;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (people[i]->next_wake() >= market->end())
        continue;
      anybody = true;
      people[i]->live(start, start + options.tick, shop);
      told[i] = people[i]->take_records();
      parts.emplace_back(told[i]);
    }
    if (!anybody)
      break;
    sim::merge_records(std::move(parts),
                       [&](core::span<core::session_record> run) { log.append(run); });
  }
  lived found;
  log.close();
  found.num_records = log.num_records();
  for (const auto& part : people)
    found.totals.merge(part->totals());
  return found;
}

} // namespace

nlohmann::ordered_json measure_simulation(const simulation_request& request) {
  refuse_zero(request.products, "--products");
  refuse_zero(request.users, "--users");
  refuse_zero(request.cohort, "--cohort");
  if (request.way != "memory" && request.way != "log")
    throw core::error::request("there is no way \"" + request.way + "\"", "--way",
                               "use memory or log");
  const auto options = options_of(request);
  const memory_above memory;
  const auto market = sim::make_world(options, {}, /*seed=*/1);
  const auto shop = shopkeeper_of(request, market);
  const auto began = core::seconds_now();
  const auto cpu_began = cpu_seconds();
  const auto found = request.way == "memory" ? live_in_memory(market, *shop.policy)
                                             : live_to_log(market, *shop.policy);
  const auto cpu = cpu_seconds() - cpu_began;
  const auto seconds = core::seconds_now() - began;
  const auto& all = found.totals.groups.at("all");
  // What the published programs count, or whatever a shop of ours logs.
  const auto events = static_cast<double>(
    sim::is_published_model(options)
      ? static_cast<std::uint64_t>(all[sim::tally::views] + all[sim::tally::slates])
      : found.num_records);
  nlohmann::ordered_json row{
    {"preset", request.preset},
    {"policy", request.policy},
    {"way", request.way},
    {"products", market->items().num_items},
    {"users", request.users},
    {"events", events},
    {"records", found.num_records},
    {"events_per_user", events / request.users},
    {"clicks_per_hundred", 100 * static_cast<double>(all[sim::tally::clicks])
                             / static_cast<double>(all[sim::tally::impressions])},
    {"events_per_second", events / seconds},
    {"events_per_cpu_second", events / cpu},
    {"peak_mb", memory.mb()}};
  if (shop.seconds_in_layers)
    row["share_in_layers"] = *shop.seconds_in_layers / seconds;
  return row;
}

} // namespace souk::benchmarks
