#pragma once

#include "core/progress.hpp"
#include "core/snapshot.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/model_options.hpp"
#include "models/scorer.hpp"

#include <memory>

namespace souk::models {

/// Fits EASE (Steck, WWW 2019): with P = (X^T X + l2 I)^-1, the weight of source i for
/// target j is -P[i, j] / P[j, j], and 0 on the diagonal. The snapshot's "weights" are
/// [num_items sources, num_items targets]; the matrix is inverted where it stands, so
/// this takes little more memory than the weights. Throws `error` of the request if
/// `l2` is not positive, or too small for single precision.
core::snapshot fit_ease(const model_options& options,
                        const core::interactions& rows,
                        kernels::worker_pool& pool,
                        core::progress& progress);

/// Scores a target by the sum of the weights of the user's items. Users none of whose
/// items has weights get popularity.
std::unique_ptr<scorer> make_ease_scorer(core::snapshot model);

} // namespace souk::models
