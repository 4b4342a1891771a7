#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "core/recommender.hpp"
#include "eval/metrics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::eval {

/// How many events of a user's history a recommender is shown; nothing stands for all.
using history_length = std::optional<std::uint32_t>;

struct cold_start_options {
  std::vector<history_length> history{0, 1, 2, 3, 5, 10, std::nullopt};
  std::uint32_t min_fold_in =
    10;                    ///< who has fewer fold-in items is left out everywhere
  std::uint32_t draws = 3; ///< subsets to average over where times are unknown
  std::uint64_t seed = 0;  ///< the run's
};

/// How well a recommender does when only so much is known.
struct cold_start_bucket {
  history_length history;
  std::vector<std::vector<double>> values; ///< [metrics][users], means over draws
};

struct cold_start_curve {
  std::string model;
  std::vector<metric> metrics;      ///< those asked for that are per user
  std::vector<core::user_id> users; ///< the same in every bucket
  std::vector<cold_start_bucket> buckets;
};

/// Ranks for the same users again and again, knowing ever more of their past.
///
/// Users are those with held-out items and at least `min_fold_in` fold-in items; the
/// curve is empty if there are none. Shown are their first k items by time (ties by
/// item number) or, without times, the first k of a random order (stream
/// `sample_history`, entity = user, step = draw), so that subsets are nested. Masked is
/// the whole fold-in at every k: masking only what is shown would leave the popular
/// items that these users have in the way of the others at small k, and popularity
/// would seem to learn. Attributes are shown in every bucket.
///
/// Throws `error` of the request if a bucket asks for more than `min_fold_in` events
/// (its users would not be those of the others), there is no draw, or no metric is
/// per user.
cold_start_curve cold_start(const core::recommender& recommender,
                            const core::held_out_set& held_out,
                            const core::attribute_table* dataset_user_attributes,
                            const std::vector<metric>& metrics,
                            const cold_start_options& options,
                            core::progress& progress);

/// Returns the bucket's name in results: "history=3", "history=all".
std::string to_group(const history_length& history);

} // namespace souk::eval
