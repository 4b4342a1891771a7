#pragma once

#include "core/recommender.hpp"
#include "sim/policy.hpp"

#include <memory>

/// Policies that take the shop's search at its word.
namespace souk::sim {

/// Shows what a search found in the engine's own order, by BM25, and to whom searches
/// for nothing what is most popular in the catalogue.
std::unique_ptr<policy> make_bm25_policy(std::shared_ptr<const world> market);

/// Shows a model's recommendations, and reorders what a search found by reciprocal rank
/// fusion (Cormack et al., SIGIR 2009) of the engine's order and the model's: an item
/// of ranks r and s, counted from 1, scores (1 - weight) / (60 + r) + weight / (60 +
/// s).
std::unique_ptr<policy>
make_bm25_profile_policy(std::shared_ptr<const core::recommender> model, double weight);

} // namespace souk::sim
