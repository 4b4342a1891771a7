#pragma once

#include "core/progress.hpp"
#include "core/snapshot.hpp"
#include "models/model_options.hpp"
#include "models/scorer.hpp"

#include <memory>

namespace souk::models {

/// Fits PureSVD (Cremonesi, Koren & Turrin, RecSys 2010): the snapshot's
/// "item_factors", [num_items, factors], are the leading right singular vectors of the
/// training matrix of zeros and ones; fewer than `factors` where it has fewer rows or
/// columns, and columns of zeros beyond its rank.
///
/// Iterates a subspace of a few more dimensions and picks the best ones in it (Halko,
/// Martinsson & Tropp, SIAM Review 2011, section 4.5 and 5.1), until what the factors
/// keep of the matrix's square sum grows by less than 1e-5 of it in four iterations.
/// One thread; no chance. Throws `error` of the request if `factors` is 0.
core::snapshot fit_pure_svd(const model_options& options,
                            const core::interactions& rows,
                            core::progress& progress);

/// Scores by x V V^T: a user's row x is projected onto the factors V and back. Users
/// whose projection is zero (none of whose items was trained) get popularity.
std::unique_ptr<scorer> make_pure_svd_scorer(core::snapshot model);

} // namespace souk::models
