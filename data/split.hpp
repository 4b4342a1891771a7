#pragma once

#include "core/dataset.hpp"
#include "data/options.hpp"

#include <cstdint>

namespace souk::data {

/// Divides a dataset: a pure function of its arguments. Rows hold the distinct items of
/// a user's positive events, with the first time of each where the source has times.
/// Columns are the items of training users; other items vanish from held-out rows, and
/// held-out users without a fold-in or a held-out item after that are left out.
///
/// - `strong_generalisation` (Liang et al., WWW 2018, section 4.1): users in Philox
///   order; the last `held_out_users` are for testing, as many before them for
///   validation, the others for training. Of a held-out user's n items,
///   max(1, floor((1 - fold_in) n)), in Philox order, are held out.
/// - `leave_one_out`: everybody trains. The item met last (first times; in Philox order
///   where there are none) is held out for testing, the one before for validation, of
///   users with at least three. A test user's fold-in includes the validation item.
/// - `by_time`: one cut of the global timeline for all. Training is what was first met
///   before the quantile `train_until` of positive events' times; validation users are
///   asked for what they met from then to `validate_until`, test users for what came
///   after, with everything before as fold-in. Who was not there before is left out.
/// - `given`: the roles that came with the source.
///
/// Throws `error` of the request if the kind is unknown or does not suit the data (no
/// times, no roles, fewer users than are to be held out), or if nothing is left to
/// train on.
core::split make_split(const core::dataset& dataset,
                       const split_options& options,
                       std::uint64_t seed);

} // namespace souk::data
