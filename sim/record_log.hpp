#pragma once

#include "core/session_record.hpp"

#include <vector>

namespace souk::sim {

/// Records that wait to be told. A slate's consequences may lie beyond the present
/// tick, and are told when their time has come.
class record_log {
public:
  void add(const core::session_record& record) {
    records_.push_back(record);
  }

  /// Adds `count` records, which are still to be written; returns the first.
  core::session_record* add(std::size_t count) {
    records_.resize(records_.size() + count);
    return records_.data() + records_.size() - count;
  }

  /// Removes and returns the records before `end`, by (time, user, step).
  std::vector<core::session_record> take_before(core::time_ms end);

  /// Returns the earliest time of a record, or `when_none`.
  core::time_ms next_time(core::time_ms when_none) const;

private:
  std::vector<core::session_record> records_;
};

} // namespace souk::sim
