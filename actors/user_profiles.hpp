#pragma once

#include "core/recommender.hpp"
#include "core/replay.hpp"
#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace souk::actors {

/// What of a user's past a model is given.
enum class given_history {
  session, ///< the items of the present session
  all,     ///< all items so far
};

struct profile_options {
  given_history history = given_history::all;
  /// Whether events are judged whose item the user had before. If not, slates leave out
  /// everything that the user had, whatever history the model is given.
  bool judge_repeats = false;
  bool judge_learned = false; ///< whether events are judged that the model learned from
  std::size_t slate_size = 20;
};

/// Profiles of the users of a replay: what they had in this session and so far.
class user_profiles {
public:
  explicit user_profiles(const profile_options& options) : options_{options} {
    // nop
  }

  /// Takes the events in order: predicts each from what its user did before, then adds
  /// it to the profile. All slates are asked for together; since a slate depends on its
  /// row only, results do not depend on how events are cut into calls.
  ///
  /// `attributes` has a row per user of the log, or is null. Events of items that the
  /// model does not know change no profile, but count as positions in a session.
  std::vector<core::replay_prediction>
  predict(core::span<const core::replay_event> events,
          const core::recommender& model,
          const core::attribute_table* attributes);

private:
  struct profile {
    std::vector<core::item_id> so_far;     ///< ascending
    std::vector<core::item_id> in_session; ///< ascending
    std::uint32_t session = 0;
    std::uint32_t position = 0; ///< in the session; 0 before the first event
  };

  /// Slates to ask for, and which events they predict.
  struct question {
    core::interactions history;
    core::interactions excluded;
    std::vector<core::user_id> users;
    std::vector<std::size_t> events;
  };

  core::replay_verdict verdict_of(const core::replay_event& event,
                                  const profile& past) const;
  core::replay_prediction
  meet(const core::replay_event& event, std::size_t place, question& asked);
  void answer(const question& asked,
              core::span<const core::replay_event> events,
              const core::recommender& model,
              const core::attribute_table* attributes,
              std::vector<core::replay_prediction>& predictions) const;

  profile_options options_;
  std::unordered_map<core::user_id, profile> profiles_;
};

} // namespace souk::actors
