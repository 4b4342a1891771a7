#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <vector>

namespace souk::actors {

/// How an epoch's users fall into batches, and batches into blocks.
///
/// Place p of an epoch's permutation belongs to batch p / batch_users; within it, place
/// q belongs to block q / rows_per_block. What is missing in the last batch is padding.
struct batches {
  std::uint32_t users = 0; ///< in the training set
  std::uint32_t batch_users = 0;
  std::uint32_t blocks = 0;

  std::uint64_t per_epoch() const;
  std::uint32_t rows_per_block() const;
  /// Users in batch `batch` of an epoch: fewer in the last one.
  std::uint32_t users_of(std::uint64_t batch) const;
};

/// One epoch's users in training order: a pure function of seed and epoch.
std::vector<core::user_id>
epoch_order(std::uint64_t seed, std::uint64_t epoch, std::uint32_t users);

} // namespace souk::actors
