#include "experiments/replay/replay_flags.hpp"

#include <CLI/CLI.hpp>

namespace souk::experiments {

void add_replay_flags(CLI::App& app, command& parsed) {
  auto& replay = parsed.replay;
  app
    .add_option("--model", replay.model,
                "The model of a run's file, or one of its baselines")
    ->required()
    ->type_name("RUN[:NAME]");
  app
    .add_option("--history", replay.history,
                "What the model is given of a user's past: the present session, or all "
                "so far (default)")
    ->check(CLI::IsMember({"session", "all"}))
    ->type_name("session|all");
  app
    .add_option("--repeats", replay.repeats,
                "Events whose item the user had before: skip (default) or judge")
    ->check(CLI::IsMember({"skip", "judge"}))
    ->type_name("skip|judge");
  app
    .add_option("--judge", replay.judge,
                "Judge what the model was not trained on (default), or all")
    ->check(CLI::IsMember({"unseen", "all"}))
    ->type_name("unseen|all");
  app
    .add_option("--speed", replay.speed,
                "Times real time (default: as fast as possible)")
    ->type_name("N");
  app
    .add_option("--shards", replay.shards,
                "Actors that own users (default: one per processor)")
    ->check(CLI::Range(1, 1024))
    ->type_name("N");
  app
    .add_option("--batch", replay.batch,
                "Events per shard that are predicted together (default: 96)")
    ->check(CLI::Range(1, 100000))
    ->type_name("N");
  app
    .add_option("--cutoffs", replay.cutoffs,
                "Lengths of slates to judge (default: 10,20)")
    ->delimiter(',')
    ->allow_extra_args(false)
    ->check(CLI::Range(1, 10000))
    ->type_name("K,K");
  app
    .add_option("--out", parsed.out,
                "A new folder for the results instead of RUN/replays/...")
    ->type_name("DIR");
  app.add_option("--json", replay.json, "Writes the rows of results here, too")
    ->type_name("FILE");
}

} // namespace souk::experiments
