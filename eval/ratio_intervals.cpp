#include "eval/ratio_intervals.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstdint>

namespace souk::eval {

namespace {

/// A group's means in the resamples so far, [metrics][resamples].
using means_of_group = std::vector<std::vector<double>>;

/// How often each user was drawn.
std::vector<std::uint32_t> times_drawn(std::size_t num_users,
                                       const resampling_options& options,
                                       std::uint32_t resample) {
  std::vector<std::uint32_t> times(num_users, 0);
  for (const auto user : resampled_users(num_users, options.seed, resample))
    ++times[user];
  return times;
}

void add_resample(const user_sums& group,
                  const std::vector<std::uint32_t>& times,
                  means_of_group& means) {
  double events = 0;
  for (std::size_t i = 0; i < group.users.size(); ++i)
    events += times[group.users[i]] * group.events[i];
  if (events == 0)
    return;
  for (std::size_t metric = 0; metric < group.sums.size(); ++metric) {
    double sum = 0;
    for (std::size_t i = 0; i < group.users.size(); ++i)
      sum += times[group.users[i]] * group.sums[metric][i];
    means[metric].push_back(sum / events);
  }
}

interval
interval_of(const user_sums& group, std::size_t metric, std::vector<double>& means) {
  double events = 0;
  double sum = 0;
  for (std::size_t i = 0; i < group.users.size(); ++i) {
    events += group.events[i];
    sum += group.sums[metric][i];
  }
  if (events == 0)
    return {};
  const auto mean = sum / events;
  interval found{mean, mean, mean, static_cast<std::uint64_t>(events)};
  if (means.empty() || group.users.size() < 2)
    return found;
  std::sort(means.begin(), means.end());
  found.low = quantile_of(means, interval_tail);
  found.high = quantile_of(means, 1 - interval_tail);
  return found;
}

} // namespace

std::vector<std::vector<interval>> ratio_intervals(const std::vector<user_sums>& groups,
                                                   std::size_t num_users,
                                                   const resampling_options& options) {
  core::expects(options.resamples > 0, "an interval needs resamples");
  std::vector<means_of_group> means;
  for (const auto& group : groups) {
    core::expects(group.users.empty() || group.users.back() < num_users,
                  "users of a group are among those resampled");
    means.emplace_back(group.sums.size());
  }
  for (std::uint32_t resample = 0; resample < options.resamples; ++resample) {
    const auto times = times_drawn(num_users, options, resample);
    for (std::size_t i = 0; i < groups.size(); ++i)
      add_resample(groups[i], times, means[i]);
  }
  std::vector<std::vector<interval>> intervals(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i)
    for (std::size_t metric = 0; metric < groups[i].sums.size(); ++metric)
      intervals[i].push_back(interval_of(groups[i], metric, means[i][metric]));
  return intervals;
}

} // namespace souk::eval
