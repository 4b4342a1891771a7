#pragma once

#include "actors/cluster.hpp"
#include "actors/messages/types.hpp"
#include "actors/tick_length.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <vector>

namespace souk::actors {

/// Asks a market to run to its end, or to where its policy is due to learn; then on
/// from there.
struct run_market {};

/// Answers `run_market`: everything before that time has happened, nothing later.
struct market_rests {
  core::time_ms time = 0;
};

/// Lives in the coordinator's process; `run_market` and its reply never travel.
using market_actor = caf::typed_actor<
  // Fails with `failed` when a cohort broke or its process is gone.
  caf::replies_to<run_market>::with<market_rests>,
  caf::reacts_to<messages::role_died>>;

/// Simulated time, and what the cohorts have told.
struct market_state {
  static constexpr const char* name = "market";

  market_options options;
  std::vector<messages::user_cohort_actor> cohorts;
  market_observer* observer = nullptr;
  std::shared_ptr<sim::market_totals> totals;

  tick_length length;
  core::time_ms tick_end = 0;
  core::time_ms rest = 0;                        ///< when it rests next
  std::vector<core::time_ms> next_wake;          ///< by cohort
  std::vector<messages::tick_finished> finished; ///< of the present tick, by cohort
  std::vector<messages::cohort_totals> sums;     ///< by cohort
  std::size_t missing = 0;
  caf::typed_response_promise<market_rests> promise;

  /// Leaves a rest for the next one.
  void go_on();

  /// Start of the next tick in which anything happens, or the market's end.
  core::time_ms next_tick() const;

  /// Merges what the cohorts logged in a tick, by (time, user, step), and passes it on.
  void close_tick();
};

/// The clock of one market: grants ticks to its cohorts and merges what they log, in an
/// order that does not depend on who answers first. Rests where its policy is to learn.
market_actor::behavior_type market(market_actor::stateful_pointer<market_state> self,
                                   market_options options,
                                   std::vector<messages::user_cohort_actor> cohorts,
                                   market_observer* observer,
                                   std::shared_ptr<sim::market_totals> totals);

} // namespace souk::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::run_market)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(souk::actors::market_rests)
