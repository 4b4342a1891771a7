#pragma once

#include "core/clock.hpp"
#include "core/span.hpp"

#include <array>
#include <cstddef>

namespace souk::models {

/// A part of a training step, and the seconds that it has taken so far.
struct phase_time {
  const char* name = "";
  double seconds = 0;
};

/// Measures the phases of a step that follow one another.
template <std::size_t NumPhases>
class phase_clock {
public:
  explicit phase_clock(const std::array<const char*, NumPhases>& names) {
    for (std::size_t i = 0; i < NumPhases; ++i)
      times_[i].name = names[i];
  }

  void start() {
    last_ = core::seconds_now();
  }

  /// Counts the time since the last call as part of a phase.
  void finish(std::size_t phase) {
    const auto now = core::seconds_now();
    times_[phase].seconds += now - last_;
    last_ = now;
  }

  core::span<const phase_time> times() const {
    return {times_.data(), NumPhases};
  }

private:
  std::array<phase_time, NumPhases> times_;
  double last_ = 0;
};

} // namespace souk::models
