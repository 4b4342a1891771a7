#pragma once

#include "eval/intervals.hpp"
#include "eval/realism/statistics.hpp"
#include "eval/realism/visits.hpp"

#include <string>
#include <vector>

namespace souk::eval::realism {

struct realism_options {
  std::uint64_t seed = 1;
  std::uint32_t resamples = 200; ///< of the bootstrap over both logs' users
  std::uint32_t halvings = 20;   ///< of the reference's users, for the control
};

/// How far a log is from a reference in one statistic.
struct scored_statistic {
  std::string name;
  std::string measure; ///< "KS" or "difference"
  std::string unit;    ///< of `ours` and `theirs`
  double ours = 0;
  double theirs = 0;
  std::optional<double> wasserstein;
  /// The distance; its 95% interval is the basic bootstrap's, cut at 0 and widened to
  /// hold the distance where it does not: resampling makes distances larger, so that
  /// the interval of percentiles would be too high.
  interval distance;
  /// Mean distance between two random halves of the reference's users.
  double control = 0;
};

/// How real a log looks beside a reference.
struct realism_report {
  std::vector<scored_statistic> scored;
  std::vector<left_out> missing;
  interval auc;         ///< of the classifier two-sample test
  interval auc_control; ///< between two halves of the reference
};

/// Scores `ours` against the reference `theirs`. A function of the logs and the seed.
realism_report score_realism(const visit_log& ours,
                             const visit_log& theirs,
                             const realism_options& options);

/// Returns the largest Kolmogorov-Smirnov distance that passes for real: 0.10, or 1.5
/// times what two halves of the reference differ, whichever is larger.
double tolerance(const scored_statistic& of);

} // namespace souk::eval::realism
