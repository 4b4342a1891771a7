#pragma once

#include "eval/intervals.hpp"
#include "eval/realism/visits.hpp"

#include <string>
#include <vector>

namespace souk::eval::realism {

/// What a classifier sees of a user: numbers of sessions and transitions.
struct user_features {
  static std::vector<std::string> names();
  std::vector<std::vector<double>> rows; ///< [users][names]
};

user_features features_of(const visit_log& log);

/// Logistic regression on standardised features and their squares, with a ridge; fitted
/// by Newton's method.
class logistic_regression {
public:
  /// `labels` are 0 or 1; rows of both must be there.
  logistic_regression(const std::vector<std::vector<double>>& rows,
                      const std::vector<int>& labels,
                      double ridge = 1);

  /// Returns the log odds of label 1.
  double score(const std::vector<double>& row) const;

private:
  std::vector<double> expanded(const std::vector<double>& row) const;

  std::vector<double> mean_;
  std::vector<double> scale_;
  std::vector<double> weights_; ///< the last is the constant
};

/// Returns the chance that a positive scores above a negative (ties count half), with
/// each counted as often as its weight. 0.5 where one side is empty.
double area_under_curve(const std::vector<double>& positive,
                        const std::vector<std::uint32_t>& positive_weights,
                        const std::vector<double>& negative,
                        const std::vector<std::uint32_t>& negative_weights);

/// Tells two logs' users apart (a classifier two-sample test; Lopez-Paz & Oquab, ICLR
/// 2017): fits on a random half of the users of each and returns the area under the
/// curve on the others, with its bootstrap interval over them. 0.5: no difference that
/// this classifier sees; 1: told apart always. `test` numbers the random draws.
interval two_sample_auc(const user_features& ours,
                        const user_features& theirs,
                        const resampling_options& options,
                        std::uint32_t test);

} // namespace souk::eval::realism
