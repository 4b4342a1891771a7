#pragma once

#include "core/attributes.hpp"
#include "core/snapshot.hpp"
#include "models/model.hpp"
#include "models/scorer.hpp"

#include <memory>

namespace souk::models {

/// Throws `error` of the request if users have none of the attributes that the model is
/// to tell them apart by: to be known before anything is trained.
void check_segments(const model_options& options, const core::attribute_table& users);

/// Counts items among the users who share a value of one attribute, for each of the
/// attributes that `options.segments` names and the data have. Throws `error` of the
/// request if the data have none of them.
core::snapshot fit_segment_popularity(const model_options& options,
                                      const training_set& data);

/// Scores an item by the share of all users who have it, times, for each attribute that
/// is known of the user, how much larger that share is among those who have the same
/// value. Every group is smoothed as if `smoothing` more users had joined it who are
/// like everybody.
///
/// On ml-1m this ranks better for strangers than counting within each combination of
/// age, gender and occupation (ndcg@100 .2296 against .2201): most combinations have a
/// handful of users. Users of whom nothing is known get popularity.
std::unique_ptr<scorer> make_segment_popularity_scorer(core::snapshot model);

} // namespace souk::models
