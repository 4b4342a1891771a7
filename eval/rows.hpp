#pragma once

#include "core/result_row.hpp"
#include "eval/cold_start.hpp"
#include "eval/evaluate.hpp"
#include "eval/intervals.hpp"

#include <string>
#include <vector>

/// Turns what was measured into rows of `results.json`. Rows of a comparison have
/// `against` set, their mean is model - against, and their p value is corrected after
/// Holm over all comparisons of one metric (and one kind of group).
namespace souk::eval {

/// Returns stage `offline`, group `all`: every model by every metric with its bootstrap
/// interval over users (coverage, which is no mean, equals its interval), and every
/// model against every later one. All evaluations must be of the same users and
/// metrics. Nothing where there were no users.
std::vector<core::result_row> rows_of(const std::vector<evaluation>& evaluations,
                                      const resampling_options& options);

/// Returns stage `cold_start`, groups `history=0`, ..., `history=all`: every model by
/// every metric, and the first model against every other one. All curves must be of the
/// same users, metrics and buckets. Nothing where there were no users.
std::vector<core::result_row> rows_of(const std::vector<cold_start_curve>& curves,
                                      const resampling_options& options);

/// What one policy came to in one replicate world.
struct world_value {
  std::string policy;
  std::uint32_t world = 0;
  std::string metric; ///< "purchases_per_user"
  std::string group;  ///< "all", "events=3", "day=12"
  double value = 0;
};

/// Returns stage `online`: means over worlds with Student's t interval (equal to the
/// mean if there is one world); every policy against every later one over the worlds
/// that both have been in; and what pairing gained, as metric `<metric>_variance_gain`
/// of group `all` (see `variance_gain`).
///
/// Policies, metrics and groups keep the order of their first appearance. A value that
/// is not finite says that there was nothing to divide by: it is left out, and `n` says
/// so. Groups `day=`, `query=` and `top=` are series and lists and are not compared.
std::vector<core::result_row> rows_of(const std::vector<world_value>& values);

} // namespace souk::eval
