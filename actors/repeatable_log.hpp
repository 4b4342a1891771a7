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
    num_seen_ = 0;
  }

  void log(core::span<core::session_record> records) override {
    const auto known = num_logged_ - num_seen_;
    num_seen_ += records.size();
    if (known >= records.size())
      return;
    num_logged_ = num_seen_;
    to_.log({records.data() + known, records.size() - known});
  }

  void passed(core::time_ms time) override {
    to_.passed(time);
  }

  /// What is the same already is for `to` to know.
  void learn(std::uint32_t version, const core::user_rows& histories) override {
    to_.learn(version, histories);
  }

private:
  market_observer& to_;
  std::uint64_t num_seen_ = 0;   ///< since it began
  std::uint64_t num_logged_ = 0; ///< at least as many
};

} // namespace souk::actors
