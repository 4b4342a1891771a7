#include "eval/realism/realism.hpp"

#include "eval/realism/resampling.hpp"
#include "eval/realism/two_sample.hpp"

#include <algorithm>

namespace souk::eval::realism {

namespace {

constexpr double tail = 0.025;
constexpr std::uint64_t our_draws = 4; ///< entities of the bootstrap
constexpr std::uint64_t their_draws = 5;

interval distance_of(const statistic& of,
                     std::uint32_t ours,
                     std::uint32_t theirs,
                     const realism_options& options) {
  const auto distance = of.between(user_weights(ours, 1), user_weights(theirs, 1));
  std::vector<double> resampled;
  for (std::uint32_t r = 0; r < options.resamples; ++r)
    resampled.push_back(
      of.between(resampled_weights(ours, options.seed, our_draws, r),
                 resampled_weights(theirs, options.seed, their_draws, r)));
  std::sort(resampled.begin(), resampled.end());
  interval found{distance, distance, distance, std::uint64_t{ours} + theirs};
  if (!resampled.empty()) {
    found.low =
      std::clamp(2 * distance - quantile_of(resampled, 1 - tail), 0.0, distance);
    found.high = std::max(distance, 2 * distance - quantile_of(resampled, tail));
  }
  return found;
}

double
control_of(const statistic& of, std::uint32_t users, const realism_options& options) {
  std::vector<double> distances;
  for (std::uint32_t number = 0; number < options.halvings; ++number) {
    const halves cut{users, options.seed, number};
    distances.push_back(of.within(cut.first, cut.second));
  }
  return mean_of(distances);
}

/// The reference against itself: users of one random half against the other's.
interval control_auc(const user_features& theirs,
                     const resampling_options& resampling,
                     std::uint32_t number) {
  const halves cut{theirs.rows.size(), resampling.seed, number};
  user_features first;
  user_features second;
  for (std::size_t user = 0; user < theirs.rows.size(); ++user)
    (cut.first[user] > 0 ? first : second).rows.push_back(theirs.rows[user]);
  return two_sample_auc(first, second, resampling, number);
}

} // namespace

realism_report score_realism(const visit_log& ours,
                             const visit_log& theirs,
                             const realism_options& options) {
  const auto prepared = compare_statistics(ours, theirs);
  realism_report report;
  report.missing = prepared.missing;
  for (const auto& of : prepared.compared)
    report.scored.push_back(
      {of.name, of.measure, of.unit, of.ours, of.theirs, of.wasserstein,
       distance_of(of, ours.num_users(), theirs.num_users(), options),
       control_of(of, theirs.num_users(), options)});
  const resampling_options resampling{options.seed, options.resamples, 0};
  const auto their_features = features_of(theirs);
  report.auc = two_sample_auc(features_of(ours), their_features, resampling, 1000);
  report.auc_control = control_auc(their_features, resampling, 2000);
  return report;
}

double tolerance(const scored_statistic& of) {
  return std::max(0.10, 1.5 * of.control);
}

} // namespace souk::eval::realism
