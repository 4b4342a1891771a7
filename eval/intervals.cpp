#include "eval/intervals.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "eval/student_t.hpp"

#include <algorithm>
#include <cmath>

namespace souk::eval {

std::vector<std::uint32_t>
resampled_users(std::size_t num_users, std::uint64_t seed, std::uint32_t resample) {
  const core::draw_site site{seed, core::stream::bootstrap, 0, resample};
  std::vector<std::uint32_t> users(num_users);
  for (std::uint32_t i = 0; i < num_users; ++i)
    users[i] = static_cast<std::uint32_t>(core::below(site, i, num_users));
  return users;
}

double mean_of(core::span<const double> values) {
  double sum = 0;
  for (const auto value : values)
    sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double variance_of(core::span<const double> values) {
  if (values.size() < 2)
    return 0;
  const auto mean = mean_of(values);
  double squares = 0;
  for (const auto value : values)
    squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

double quantile_of(core::span<const double> ascending, double probability) {
  core::expects(!ascending.empty(), "a quantile is one of values");
  const auto place = probability * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, ascending.size() - 1);
  const auto share = place - static_cast<double>(below);
  return ascending[below] + share * (ascending[above] - ascending[below]);
}

std::vector<std::vector<double>>
bootstrap_means(const std::vector<core::span<const double>>& columns,
                const resampling_options& options) {
  std::vector<std::vector<double>> means(columns.size());
  if (columns.empty() || columns.front().empty())
    return means;
  const auto num_users = columns.front().size();
  for (const auto& column : columns)
    core::expects(column.size() == num_users, "resampled columns have the same users");
  for (std::uint32_t resample = 0; resample < options.resamples; ++resample) {
    const auto users = resampled_users(num_users, options.seed, resample);
    for (std::size_t number = 0; number < columns.size(); ++number) {
      double sum = 0;
      for (const auto user : users)
        sum += columns[number][user];
      means[number].push_back(sum / static_cast<double>(num_users));
    }
  }
  for (auto& of_column : means)
    std::sort(of_column.begin(), of_column.end());
  return means;
}

std::vector<interval>
bootstrap_intervals(const std::vector<core::span<const double>>& columns,
                    const resampling_options& options) {
  core::expects(options.resamples > 0, "an interval needs resamples");
  const auto means = bootstrap_means(columns, options);
  std::vector<interval> intervals;
  for (std::size_t number = 0; number < columns.size(); ++number) {
    interval found{mean_of(columns[number]), 0, 0, columns[number].size()};
    if (found.n > 0) {
      found.low = quantile_of(means[number], interval_tail);
      found.high = quantile_of(means[number], 1 - interval_tail);
    }
    intervals.push_back(found);
  }
  return intervals;
}

interval student_t_interval(core::span<const double> worlds) {
  const auto mean = mean_of(worlds);
  if (worlds.size() < 2)
    return {mean, mean, mean, worlds.size()};
  const auto n = static_cast<double>(worlds.size());
  const auto half = student_t_quantile(1 - interval_tail, worlds.size() - 1)
                    * std::sqrt(variance_of(worlds) / n);
  return {mean, mean - half, mean + half, worlds.size()};
}

} // namespace souk::eval
