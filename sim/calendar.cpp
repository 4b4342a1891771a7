#include "sim/calendar.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

constexpr core::time_ms week_ms = 7 * core::day_ms;

} // namespace

calendar::calendar(const calendar_options& options) {
  for (std::size_t hour = 0; hour < hours_of_week; ++hour) {
    const auto weekday = (options.start_weekday + hour / 24) % 7;
    cumulative_[hour + 1] =
      cumulative_[hour] + options.hours[hour % 24] * options.weekdays[weekday];
  }
  const auto total = cumulative_[hours_of_week];
  for (auto& value : cumulative_)
    value = value / total * 7;
}

double calendar::intensity(core::time_ms time) const {
  const auto hour = static_cast<std::size_t>(time % week_ms / core::hour_ms);
  return (cumulative_[hour + 1] - cumulative_[hour]) * 24;
}

double calendar::elapsed(core::time_ms time) const {
  const auto hour = static_cast<std::size_t>(time % week_ms / core::hour_ms);
  const auto part = static_cast<double>(time % core::hour_ms) / core::hour_ms;
  return 7.0 * static_cast<double>(time / week_ms) + cumulative_[hour]
         + part * (cumulative_[hour + 1] - cumulative_[hour]);
}

core::time_ms calendar::when(double elapsed_days) const {
  const auto weeks = std::floor(elapsed_days / 7);
  const auto rest = elapsed_days - weeks * 7;
  const auto above =
    std::upper_bound(cumulative_.begin() + 1, cumulative_.end() - 1, rest);
  auto hour = static_cast<std::size_t>(above - cumulative_.begin()) - 1;
  // Only rounding at a week's end can lead to a closed hour: take the last open one.
  while (cumulative_[hour + 1] == cumulative_[hour])
    --hour;
  const auto part =
    (rest - cumulative_[hour]) / (cumulative_[hour + 1] - cumulative_[hour]);
  return static_cast<core::time_ms>(weeks) * week_ms
         + static_cast<core::time_ms>(hour) * core::hour_ms
         + static_cast<core::time_ms>(std::ceil(part * core::hour_ms));
}

} // namespace souk::sim
