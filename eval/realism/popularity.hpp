#pragma once

#include "eval/realism/distances.hpp"
#include "eval/realism/visits.hpp"

#include <cstdint>
#include <vector>

namespace souk::eval::realism {

/// Events of each item that has any, most first.
using rank_counts = std::vector<std::uint64_t>;

/// Counts the events by item, each as often as its user counts.
rank_counts count_ranks(const visit_log& log, const user_weights& weights);

/// Returns the largest difference of two rank curves: which share of all events the
/// most popular share x of the items has, for x from 0 to 1. It is the
/// Kolmogorov-Smirnov distance of the relative ranks of the items of events.
double curve_distance(const rank_counts& a, const rank_counts& b);

/// Returns the exponent of the density of items' counts, from the most popular tenth
/// of the items (at least 10) by Hill's estimator: 1 + n / sum of log(count / least).
/// 0 where it cannot be told: too few items, or all alike.
double tail_exponent(const rank_counts& counts);

/// Returns the Gini coefficient of items' counts, 0 (all alike) to 1.
double gini(const rank_counts& counts);

/// Returns which share of the events the most popular `share` of the items has, 0 to 1:
/// linear between whole numbers of items, 0 of nothing.
double top_share(const rank_counts& counts, double share);

/// The same of the most popular fifth.
double top_fifth_share(const rank_counts& counts);

} // namespace souk::eval::realism
