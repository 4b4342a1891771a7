#pragma once

#include "actors/batches.hpp"
#include "actors/messages/types.hpp"
#include "actors/work_account.hpp"
#include "core/interactions.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::actors {

struct data_shard_options {
  std::uint64_t seed = 0;
  batches plan;
  core::user_id first_user = 0; ///< the shard owns [first_user, end_user)
  core::user_id end_user = 0;
};

/// The rows of a shard's users and the rule that finds a block's rows among them.
struct data_shard_state {
  static constexpr const char* name = "data_shard";

  data_shard_options options;
  std::shared_ptr<const core::interactions> rows; ///< of all training users
  std::uint64_t epoch = ~std::uint64_t{0};        ///< that `order` belongs to
  std::vector<core::user_id> order;
  work_account work;

  /// Returns the shard's part of a run of blocks. Fails with `shape_mismatch` for
  /// blocks or batches that do not exist.
  caf::result<messages::rows_of_run> find(const messages::get_rows& request);
};

/// Owns the interactions of a range of users and hands out rows by (epoch, batch,
/// block).
messages::data_shard_actor::behavior_type
data_shard(messages::data_shard_actor::stateful_pointer<data_shard_state> self,
           data_shard_options options,
           std::shared_ptr<const core::interactions> rows);

} // namespace souk::actors
