#include "experiments/environment/environment_flags.hpp"

#include "core/error.hpp"
#include "experiments/config/scalar.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace souk::experiments {

namespace {

constexpr std::pair<sim::slate_reward, const char*> rewards[] = {
  {sim::slate_reward::clicks, "clicks"},
  {sim::slate_reward::purchases, "purchases"},
  {sim::slate_reward::revenue, "revenue"},
};

} // namespace

void add_environment_flags(CLI::App& app, command& parsed) {
  auto& words = parsed.environment;
  app
    .add_option("--socket", words.socket,
                "Where to listen (default: a path of its own, which is printed)")
    ->type_name("PATH");
  app
    .add_option("--port", words.port,
                "Listen at a TCP port of the loopback interface instead; 0: any")
    ->check(CLI::Range(0, 65535))
    ->type_name("PORT")
    ->excludes("--socket");
  app
    .add_option("--users", words.users,
                "Rows of the environment (default: the file's population.users)")
    ->check(CLI::Range(1, 1000000))
    ->type_name("N");
  app
    .add_option("--world", words.world,
                "The world that the first reset without a seed plays (default: 0)")
    ->check(CLI::Range(std::int64_t{0}, std::int64_t{0xFFFFFFFE}))
    ->type_name("K");
  app
    .add_option("--reward", words.reward,
                "What a slate is rewarded for (default: clicks)")
    ->check(CLI::IsMember({"clicks", "purchases", "revenue"}))
    ->type_name("clicks|purchases|revenue");
  app
    .add_option("--tick", words.tick,
                "Time that all users live on together, such as 1h (default: the whole "
                "run, in which everybody waits at once)")
    ->type_name("TIME");
  app
    .add_option("--clients", words.clients,
                "Clients that are served at once (default: 8)")
    ->check(CLI::Range(1, 1000))
    ->type_name("N");
  app.add_flag("--reveal-truth", words.reveal_truth,
               "Tell what slates are worth, and the best ones");
}

std::string to_string(sim::slate_reward reward) {
  for (const auto& [kind, word] : rewards)
    if (kind == reward)
      return word;
  return "";
}

environment_options options_of(const environment_words& words,
                               const std::string& name,
                               sim::simulation_options shop) {
  environment_options options;
  options.name = name;
  options.first_world = words.world;
  options.reveal_truth = words.reveal_truth;
  for (const auto& [kind, word] : rewards)
    if (words.reward == word)
      options.episode.reward = kind;
  if (!words.tick.empty()) {
    const auto wrong = parse_duration(scalar{words.tick, false}, options.episode.tick);
    if (wrong || options.episode.tick < 1)
      throw core::error::request(wrong ? wrong->what : "is no time to live through",
                                 "souk environment --tick",
                                 "write a time above 0, such as 1h");
  }
  if (words.users > 0)
    shop.population.users = words.users;
  shop.regret_share = 0; // it is measured for results, and changes nobody
  options.shop = std::move(shop);
  return options;
}

} // namespace souk::experiments
