#pragma once

#include "actors/messages/types.hpp"
#include "sim/policy.hpp"
#include "sim/population.hpp"
#include "sim/world.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace souk::actors {

struct user_cohort_options {
  std::uint32_t cohort = 0;         ///< owns users [cohort * users, ...)
  std::uint32_t users = 0;          ///< per cohort
  std::optional<std::size_t> arm{}; ///< whose users come; nothing: all
};

/// Finds a version of a cohort's policy, which its process has loaded.
using policy_finder =
  std::function<std::shared_ptr<const sim::policy>(std::uint32_t version)>;

/// A cohort's users and the policy that they meet.
struct user_cohort_state {
  static constexpr const char* name = "user_cohort";

  std::unique_ptr<sim::population> users;
  std::shared_ptr<const sim::policy> policy;

  /// Lives through a tick: round after round of slates, until nobody wants one.
  messages::tick_finished advance(const messages::advance_cohort& tick);

  messages::cohort_histories histories() const;
};

/// Wraps a cohort of synthetic users; everything they do is in
/// `sim::population`. The policy is the one that the market begins with.
messages::user_cohort_actor::behavior_type
user_cohort(messages::user_cohort_actor::stateful_pointer<user_cohort_state> self,
            user_cohort_options options,
            std::shared_ptr<const sim::world> world,
            std::shared_ptr<const sim::policy> policy,
            policy_finder find_policy);

} // namespace souk::actors
