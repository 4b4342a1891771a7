#pragma once

#include "core/attributes.hpp"
#include "core/interactions.hpp"
#include "core/platform.hpp"
#include "core/progress.hpp"
#include "core/recommender.hpp"
#include "core/snapshot.hpp"
#include "models/model_options.hpp"

#include <memory>
#include <string>

namespace souk::models {

/// What a fitted model learns from. Row `i` of both parts is the same user.
struct training_set {
  const core::interactions* rows = nullptr;
  const core::attribute_table* attributes = nullptr; ///< of the users; may be null
};

/// Fits a model that needs no steps (popularity, segment_popularity, item_knn,
/// pure_svd, ease). Throws `error` for options that do not suit the data.
core::snapshot
fit(const model_options& options, const training_set& data, core::progress& progress);

/// Makes a recommender of any snapshot, learned or fitted. `threads` share its products
/// without changing a bit. Throws `error` if the snapshot is not whole.
std::unique_ptr<core::recommender> make_recommender(core::snapshot model,
                                                    std::size_t threads);

/// Uses at most this instruction set in all products and kernels; call once, before the
/// first product and `platform`, which settle on `core::widest_isa` otherwise.
/// Throws `error` of the request if the processor lacks it, or another has settled.
void use_isa(core::isa widest);

/// Returns core's platform plus the libraries and the instruction set that this room
/// uses: "isa" as souk distinguishes them, "onednn_isa" as oneDNN does.
core::numeric_platform platform();

} // namespace souk::models
