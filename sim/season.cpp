#include "sim/season.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace souk::sim {

namespace {

constexpr double days_per_month = 365.25 / 12;

double month_factor(const calendar_options& options, std::uint32_t day) {
  const auto of_year = std::fmod(options.start_day + static_cast<double>(day), 365.25);
  const auto month =
    std::min<std::size_t>(11, static_cast<std::size_t>(of_year / days_per_month));
  const auto total = std::accumulate(options.months.begin(), options.months.end(), 0.0);
  return options.months[month] / total * 12;
}

} // namespace

season::season(const calendar& week,
               const calendar_options& options,
               const campaigns& sales,
               std::uint32_t days)
  : week_{&week} {
  for (std::uint32_t day = 0; day < days; ++day)
    factors_.push_back(month_factor(options, day) * sales.arrivals(day));
  if (std::all_of(factors_.begin(), factors_.end(), [](auto f) { return f == 1; })) {
    factors_.clear();
    return;
  }
  cumulative_.push_back(0);
  for (std::uint32_t day = 0; day < days; ++day) {
    const auto length =
      week_->elapsed((day + 1) * core::day_ms) - week_->elapsed(day * core::day_ms);
    cumulative_.push_back(cumulative_.back() + factors_[day] * length);
  }
}

double season::elapsed(core::time_ms time) const {
  if (factors_.empty())
    return week_->elapsed(time);
  const auto day = static_cast<std::size_t>(time / core::day_ms);
  const auto start =
    static_cast<core::time_ms>(std::min(day, factors_.size())) * core::day_ms;
  const auto factor = day < factors_.size() ? factors_[day] : 1.0;
  return cumulative_[static_cast<std::size_t>(start / core::day_ms)]
         + factor * (week_->elapsed(time) - week_->elapsed(start));
}

core::time_ms season::when(double elapsed_days) const {
  if (factors_.empty())
    return week_->when(elapsed_days);
  const auto above =
    std::upper_bound(cumulative_.begin() + 1, cumulative_.end(), elapsed_days);
  const auto day = static_cast<std::size_t>(above - cumulative_.begin()) - 1;
  const auto start = static_cast<core::time_ms>(day) * core::day_ms;
  const auto factor = day < factors_.size() ? factors_[day] : 1.0;
  return std::max(start, week_->when(week_->elapsed(start)
                                     + (elapsed_days - cumulative_[day]) / factor));
}

} // namespace souk::sim
