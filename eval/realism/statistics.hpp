#pragma once

#include "eval/realism/distances.hpp"
#include "eval/realism/visits.hpp"

#include <optional>
#include <string>
#include <vector>

namespace souk::eval::realism {

/// One way in which two logs are compared.
struct statistic {
  std::string name;
  std::string measure; ///< "KS" (0 to 1) or "difference" (of two numbers)
  std::string unit;    ///< of `ours` and `theirs`
  double ours = 0;     ///< the median, the share or the number itself
  double theirs = 0;
  std::optional<double> wasserstein; ///< in units, where values have any
  weighted_distance between;         ///< the two logs
  weighted_distance within;          ///< two parts of the second
};

/// A statistic that is not compared, and why.
struct left_out {
  std::string name;
  std::string reason;
};

struct statistics {
  std::vector<statistic> compared;
  std::vector<left_out> missing;
};

/// Prepares every statistic that both logs identify. The logs must outlive the result.
statistics compare_statistics(const visit_log& ours, const visit_log& theirs);

} // namespace souk::eval::realism
