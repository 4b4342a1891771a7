#include "actors/profile_shard.hpp"

#include "actors/failure.hpp"

namespace souk::actors {

using namespace messages;

profile_shard_actor::behavior_type
profile_shard(profile_shard_actor::stateful_pointer<profile_shard_state> self,
              profile_options options,
              std::shared_ptr<const core::recommender> model,
              std::shared_ptr<const core::attribute_table> attributes) {
  share_exception_handler(self);
  self->state.profiles = std::make_unique<user_profiles>(options);
  self->state.model = std::move(model);
  self->state.attributes = std::move(attributes);
  return {
    [self](const predict_events& asked) {
      auto& state = self->state;
      return events_predicted{{state.profiles->predict(
        asked.events.values, *state.model, state.attributes.get())}};
    },
  };
}

} // namespace souk::actors
