#pragma once

#include "core/clock.hpp"
#include "core/run_status.hpp"

#include <cstdint>

namespace souk::actors {

/// Accounts for all of an actor's time: it waits, unless it says what it does instead.
/// Of one thread at a time, like the actor; reading the clock is all that it costs.
class work_account {
public:
  /// A counter of seconds (`&core::work_counters::compute_seconds`).
  using activity = double core::work_counters::*;
  using clock = double (*)(); ///< seconds

  /// Does something until the end of a scope; then what was done before it goes on.
  class scope {
  public:
    scope(work_account& account, activity what)
      : account_{account}, before_{account.now_does_} {
      account_.turn_to(what);
    }

    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

    ~scope() {
      account_.turn_to(before_);
    }

  private:
    work_account& account_;
    activity before_;
  };

  explicit work_account(clock now = core::seconds_now);

  [[nodiscard]] scope computing() {
    return {*this, &core::work_counters::compute_seconds};
  }

  [[nodiscard]] scope sending() {
    return {*this, &core::work_counters::send_seconds};
  }

  [[nodiscard]] scope applying() {
    return {*this, &core::work_counters::apply_seconds};
  }

  void sent(std::uint64_t bytes) {
    counters_.bytes_sent += bytes;
  }

  void received(std::uint64_t bytes) {
    counters_.bytes_received += bytes;
  }

  /// Notes the length of a queue.
  void queued(std::uint64_t length);

  /// Returns what was done since the last call; counters begin anew.
  core::work_counters take();

private:
  void turn_to(activity what);

  clock now_;
  core::work_counters counters_;
  activity now_does_ = &core::work_counters::wait_seconds;
  double since_;
};

} // namespace souk::actors
