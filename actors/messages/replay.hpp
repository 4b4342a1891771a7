#pragma once

#include "actors/messages/raw_vector.hpp"
#include "core/replay.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace souk::messages {

/// Puts events to whoever owns their users, in the log's order.
struct predict_events {
  raw_vector<core::replay_event> events;
};

/// Answers `predict_events`: what became of each, in the same order.
struct events_predicted {
  raw_vector<core::replay_prediction> predictions;
};

/// Owns the profiles of some users: predicts each event from what came before it, then
/// learns it. Needs a model's snapshot and these messages, nothing else.
using profile_shard_actor =
  caf::typed_actor<caf::replies_to<predict_events>::with<events_predicted>>;

template <class Inspector>
auto inspect(Inspector& f, predict_events& x) {
  return f(caf::meta::type_name("predict_events"), x.events);
}

template <class Inspector>
auto inspect(Inspector& f, events_predicted& x) {
  return f(caf::meta::type_name("events_predicted"), x.predictions);
}

} // namespace souk::messages
