#pragma once

#include "actors/messages/types.hpp"
#include "actors/user_profiles.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace souk::actors {

/// The profiles of some users, and the model that predicts what they do next.
struct profile_shard_state {
  static constexpr const char* name = "profile_shard";

  std::unique_ptr<user_profiles> profiles;
  std::shared_ptr<const core::recommender> model;
  std::shared_ptr<const core::attribute_table> attributes;
};

/// Wraps profiles; everything it does is in `user_profiles`. `attributes` may be null.
messages::profile_shard_actor::behavior_type
profile_shard(messages::profile_shard_actor::stateful_pointer<profile_shard_state> self,
              profile_options options,
              std::shared_ptr<const core::recommender> model,
              std::shared_ptr<const core::attribute_table> attributes);

} // namespace souk::actors
