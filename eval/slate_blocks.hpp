#pragma once

#include "core/dataset.hpp"
#include "core/recommender.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace souk::eval {

/// Who is asked about and what may be known of them.
struct ranking_task {
  const core::recommender* recommender = nullptr;
  const core::held_out_set* held_out = nullptr;
  /// What is known about users, one row per dataset user, or null.
  const core::attribute_table* attributes = nullptr;
  std::vector<std::uint32_t> rows; ///< of the held-out set
  std::size_t slate_size = 0;
};

/// Returns the part of a row's fold-in that the recommender is shown: ascending
/// positions within that row.
using shown_part = std::function<std::vector<std::uint32_t>(std::uint32_t row)>;

/// Is handed every slate, in the order of the task's rows; `place` counts them from 0.
using slate_visitor =
  std::function<void(std::size_t place, core::span<const core::item_id> slate)>;

/// Ranks all items for the task's rows, in blocks of users, so that memory does not
/// grow with their number. Masked is always the whole fold-in, whatever is shown of it
/// (`shown` empty: all). Throws `error` if recommender, matrices and attributes do not
/// belong together.
void rank_in_blocks(const ranking_task& task,
                    const shown_part& shown,
                    const slate_visitor& visit,
                    const std::function<void(std::size_t done)>& advanced);

/// Returns the rows with held-out items and at least `min_fold_in` fold-in items.
std::vector<std::uint32_t> rows_to_judge(const core::held_out_set& held_out,
                                         std::size_t min_fold_in);

} // namespace souk::eval
