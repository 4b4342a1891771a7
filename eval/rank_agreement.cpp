#include "eval/rank_agreement.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace souk::eval {

namespace {

/// Part of the seed under which worlds are resampled; users have the seed itself.
constexpr std::uint64_t worlds_part = 1;

std::vector<double> means_of(const std::vector<core::span<const double>>& columns,
                             const std::vector<std::uint32_t>& chosen) {
  std::vector<double> means;
  for (const auto& column : columns) {
    auto sum = 0.0;
    for (const auto row : chosen)
      sum += column[row];
    means.push_back(sum / static_cast<double>(chosen.size()));
  }
  return means;
}

std::vector<double> means_of(const std::vector<core::span<const double>>& columns) {
  std::vector<double> means;
  for (const auto& column : columns)
    means.push_back(mean_of(column));
  return means;
}

} // namespace

std::optional<double> kendall_tau(core::span<const double> a,
                                  core::span<const double> b) {
  core::expects(a.size() == b.size(), "two orders are of the same things");
  auto agreement = 0.0;
  auto untied_a = 0.0;
  auto untied_b = 0.0;
  const auto sign = [](double x) {
    return static_cast<double>((x > 0) - (x < 0));
  };
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto of_a = sign(a[i] - a[j]);
      const auto of_b = sign(b[i] - b[j]);
      agreement += of_a * of_b;
      untied_a += of_a * of_a;
      untied_b += of_b * of_b;
    }
  if (untied_a == 0 || untied_b == 0)
    return std::nullopt;
  return agreement / std::sqrt(untied_a * untied_b);
}

std::optional<interval> rank_agreement(const judged_twice& models,
                                       const resampling_options& options) {
  core::expects(models.users.size() == models.worlds.size(),
                "every model is judged twice");
  if (models.users.empty() || models.users.front().empty()
      || models.worlds.front().empty())
    return std::nullopt;
  const auto tau = kendall_tau(means_of(models.users), means_of(models.worlds));
  if (!tau)
    return std::nullopt;
  std::vector<double> taus;
  const auto seed_of_worlds = core::derive_seed(options.seed, worlds_part);
  for (std::uint32_t resample = 0; resample < options.resamples; ++resample) {
    const auto users =
      resampled_users(models.users.front().size(), options.seed, resample);
    const auto worlds =
      resampled_users(models.worlds.front().size(), seed_of_worlds, resample);
    taus.push_back(
      kendall_tau(means_of(models.users, users), means_of(models.worlds, worlds))
        .value_or(0));
  }
  std::sort(taus.begin(), taus.end());
  return interval{*tau, quantile_of(taus, interval_tail),
                  quantile_of(taus, 1 - interval_tail), models.users.size()};
}

} // namespace souk::eval
