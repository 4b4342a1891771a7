#pragma once

#include "core/singular_vectors.hpp"
#include "sim/factors.hpp"

namespace souk::sim {

/// Brings points of users and items on common axes, in any scale, to that of tastes:
/// each axis is centred and scaled to variance 1 over users, and the scale moves into
/// the items, so that inner products stay in proportion; items get mean square length
/// 1, and none is longer than 2.5.
///
/// `deviations` of users around their points count in the variance: [rows, axes], or
/// without rows where points are sure.
taste_factors in_scale_of_tastes(const core::panel& users,
                                 core::panel items,
                                 const core::panel& deviations = {0, 1});

} // namespace souk::sim
