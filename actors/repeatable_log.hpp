#pragma once

#include "actors/cluster.hpp"

#include <cstdint>
#include <vector>

namespace souk::actors {

/// Passes on what happens in a market that may have to begin again: what was logged
/// before happens a second time, to the bit, and is not logged twice.
class repeatable_log : public market_observer {
public:
  explicit repeatable_log(market_observer& to) : to_{to} {
    // nop
  }

  /// The market starts, perhaps not for the first time.
  void begin() {
    ticks_seen_ = 0;
  }

  void log(std::vector<core::session_record>& records) override {
    if (++ticks_seen_ <= ticks_logged_)
      return;
    to_.log(records);
    ++ticks_logged_;
  }

  void passed(core::time_ms time) override {
    to_.passed(time);
  }

private:
  market_observer& to_;
  std::uint64_t ticks_seen_ = 0;
  std::uint64_t ticks_logged_ = 0;
};

} // namespace souk::actors
