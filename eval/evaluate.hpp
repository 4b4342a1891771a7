#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "core/recommender.hpp"
#include "eval/metrics.hpp"

#include <string>
#include <vector>

namespace souk::eval {

/// How well a recommender ranks what was held out of every user.
struct evaluation {
  std::string model;
  std::vector<metric> metrics;
  std::vector<core::user_id> users; ///< rows of the dataset, as in the held-out set
  /// [metrics][users]; a row of a metric that is not per user is empty.
  std::vector<std::vector<double>> values;
  /// [metrics]: the mean over users, summed in their order, or the one value.
  std::vector<double> overall;
  std::size_t num_skipped =
    0; ///< users without held-out items: there is nothing to find
};

/// Ranks all items for every user and judges the slates.
///
/// The recommender sees the fold-in, which is also masked, and the users' attributes
/// (`dataset_user_attributes`: one row per dataset user, or null where nobody knows
/// anything). Without users to judge, all means are 0. Throws `error` if recommender
/// and split do not have the same items, and of the request without metrics.
evaluation evaluate(const core::recommender& recommender,
                    const core::held_out_set& held_out,
                    const core::attribute_table* dataset_user_attributes,
                    const std::vector<metric>& metrics,
                    core::progress& progress);

} // namespace souk::eval
