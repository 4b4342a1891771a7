#pragma once

#include "core/interactions.hpp"
#include "core/snapshot.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <vector>

namespace souk::models {

/// The tensor that holds how many users have each item, [num_items], in every snapshot
/// that ranks by popularity or falls back on it.
constexpr const char* item_counts = "item_counts";

/// Writes the item counts of the training rows into a snapshot.
void store_item_counts(const core::interactions& rows, core::snapshot& model);

/// Reads them back as scores. Throws `error` if the snapshot is not whole.
std::vector<float> load_item_counts(const core::snapshot& model,
                                    std::uint64_t num_items);

/// Counts how many users have each item.
core::snapshot fit_popularity(const core::interactions& rows);

/// Scores every item by how many users have it, whoever asks.
std::unique_ptr<scorer> make_popularity_scorer(const core::snapshot& model);

} // namespace souk::models
