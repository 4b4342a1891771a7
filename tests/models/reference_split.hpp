#pragma once

#include "core/attributes.hpp"
#include "core/interactions.hpp"
#include "core/recommender.hpp"

#include <optional>
#include <string>
#include <vector>

namespace souk::models::testing {

/// MovieLens-1M as Liang et al. split it, with the users' attributes; read from the
/// folder beside the repository.
struct reference_split {
  core::interactions training;
  core::interactions fold_in;
  core::interactions held_out;
  core::attribute_table training_users;
  core::attribute_table test_users;
};

/// Returns the split, or nothing (and says so) where this machine does not have it.
std::optional<reference_split> load_ml_1m();

/// Means over users: recall divides by min(k, held out), NDCG by the ideal of it.
struct quality {
  double recall_20 = 0;
  double recall_50 = 0;
  double ndcg_100 = 0;
};

/// Ranks all items for the test users, their fold-in masked. `knows_history` false
/// hides the fold-in from the model, but not from the mask.
quality evaluate(const core::recommender& model,
                 const reference_split& split,
                 bool knows_history = true);

} // namespace souk::models::testing
