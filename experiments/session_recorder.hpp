#pragma once

#include "actors/cluster.hpp"
#include "data/session_log.hpp"
#include "eval/item_counts.hpp"
#include "experiments/retraining.hpp"
#include "experiments/run_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace souk::experiments {

/// Writes what happens in one market after the other to the log of sessions, counts it,
/// shows progress, and has policies learn from it.
class session_recorder : public actors::market_observer {
public:
  session_recorder(run_state& run, data::session_log_writer& log, retraining& teacher);

  /// Says which market the following records belong to.
  void enter(std::size_t market, std::uint16_t policy, std::uint16_t world);

  /// What was opened and bought since.
  const eval::item_counts& counts() const {
    return counts_;
  }

  void log(core::span<core::session_record> records) override;
  void passed(core::time_ms time) override;
  void learn(std::uint32_t version, const core::user_rows& histories) override;

private:
  /// "ease, world 2 of bootstrap"
  std::string where() const;

  run_state& run_;
  data::session_log_writer& log_;
  retraining& teacher_;
  eval::item_counts counts_;
  std::size_t market_ = 0;
  std::uint16_t policy_ = 0;
  std::uint16_t world_ = 0;
};

} // namespace souk::experiments
