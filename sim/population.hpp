#pragma once

#include "core/interactions.hpp"
#include "core/session_record.hpp"
#include "sim/market_totals.hpp"
#include "sim/policy.hpp"
#include "sim/world.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace souk::sim {

/// A fixed set of a world's users who live through simulated time, by whatever model of
/// behaviour the world has: shoppers (`cohort`), or the users of a published simulator.
///
/// Per tick: `live`, then `take_records`. What a user does is a pure function of the
/// world, the user's number and the slates received: it does not depend on who else is
/// in the population, nor on the length of ticks. A population meets one policy,
/// which may learn between ticks.
class population {
public:
  virtual ~population() = default;

  /// Lets everybody live from `start` until `end`, and asks the policy for slates round
  /// after round, until nobody wants one. Ticks follow one another; those in which
  /// nothing happens (`next_wake`) may be left out.
  virtual void live(core::time_ms start, core::time_ms end, const policy& shop) = 0;

  /// Removes and returns what happened before the end of the tick, by (time, user,
  /// step). The numbers of world and policy are left 0.
  virtual std::vector<core::session_record> take_records() = 0;

  /// Returns the earliest time at which anything happens again, or the world's end.
  virtual core::time_ms next_wake() const = 0;

  /// Returns what has been counted so far.
  virtual market_totals totals() const = 0;

  /// Returns what the shop knows of its users: the items that they opened while logged
  /// in, or bought. Whoever did neither is left out; so is everybody of a published
  /// model.
  virtual core::user_rows histories() const {
    return {};
  }

  /// Returns the memory that the users' state takes, in bytes.
  virtual std::size_t memory_bytes() const = 0;
};

/// Makes the users [first, first + count), as far as the world has them, of the model
/// that `simulation.preset` names. Where users are shared out among policies, only
/// those of an arm come (`sim/arms.hpp`); those of a published model are not.
std::unique_ptr<population> make_population(std::shared_ptr<const world> market,
                                            core::user_id first,
                                            std::uint32_t count,
                                            std::optional<std::size_t> arm = {});

} // namespace souk::sim
