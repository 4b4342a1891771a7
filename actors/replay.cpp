#include "actors/replay.hpp"

#include "actors/ask.hpp"
#include "actors/profile_shard.hpp"
#include "actors/replayer.hpp"
#include "actors/system_config.hpp"
#include "core/at_end.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace souk::actors {

using namespace messages;

replay_outcome replay(const replay_options& options,
                      const replay_log& log,
                      const std::shared_ptr<const core::recommender>& model,
                      const std::shared_ptr<const core::attribute_table>& attributes,
                      replay_observer& observer,
                      const std::atomic<bool>& interrupt) {
  system_config config;
  caf::actor_system system{config};
  std::vector<profile_shard_actor> shards;
  replayer_actor walker;
  const core::at_end close{[&] {
    for (const auto& shard : shards)
      caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
    // The replayer writes to the observer, so it must have ended before this returns.
    if (walker) {
      caf::anon_send_exit(walker, caf::exit_reason::user_shutdown);
      caf::scoped_actor {
        system
        } -> wait_for(walker);
    }
  }};
  for (std::uint32_t i = 0; i < options.shards; ++i)
    shards.push_back(
      system.spawn<caf::detached>(profile_shard, options.profiles, model, attributes));
  walker = system.spawn<caf::detached>(
    replayer, replayer_options{options.batch, options.speed}, log, shards, &observer);
  auto asked = false;
  const auto finished =
    ask_patiently<replay_finished>(system, walker, run_replay{}, "the replay", [&] {
      if (interrupt && !std::exchange(asked, true))
        caf::anon_send(walker, stop_replay{});
    });
  return {finished.events};
}

} // namespace souk::actors
