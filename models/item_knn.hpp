#pragma once

#include "core/progress.hpp"
#include "core/snapshot.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/model_options.hpp"
#include "models/scorer.hpp"

#include <memory>

namespace souk::models {

/// Finds, for each target item, the `neighbours` sources with the highest cosine
/// similarity between their columns of users; ties to the lower item number. Throws
/// `error` of the request if `neighbours` is 0.
core::snapshot fit_item_knn(const model_options& options,
                            const core::interactions& rows,
                            kernels::worker_pool& pool,
                            core::progress& progress);

/// Scores a target by the sum of its similarities with the user's items that are among
/// its sources. Users none of whose items is a source get popularity.
std::unique_ptr<scorer> make_item_knn_scorer(core::snapshot model);

} // namespace souk::models
