#pragma once

#include "core/interactions.hpp"
#include "core/recommender.hpp"
#include "sim/factors.hpp"

#include <cstdint>

namespace souk::sim {

/// Finds what a model believes of users' tastes: its aggregate posterior (Makhzani et
/// al., arXiv:1511.05644), which is the mean over users of the distribution of their
/// codes, as points in the space of items.
///
/// Scores are drawn for every row (from the posterior, where the model has one: several
/// times) and freed of what is common to all users, which is popularity, or to all
/// items. The axes are the directions in which they vary most (principal components);
/// a user's point and spread are mean and standard deviation of the draws along them.
/// `rows` have the model's items. Whatever else the model believes is left out.
///
/// Throws `error` of the request where the scores are the same for everybody.
taste_factors fit_believed_tastes(const core::recommender& model,
                                  const core::interactions& rows,
                                  std::uint32_t dimensions);

} // namespace souk::sim
