#include "actors/data_shard.hpp"

#include "actors/failure.hpp"

#include <algorithm>

namespace souk::actors {

using namespace messages;

caf::result<rows_of_run> data_shard_state::find(const get_rows& request) {
  const auto& plan = options.plan;
  if (request.batch >= plan.per_epoch() || request.first_block >= plan.blocks
      || request.num_blocks > plan.blocks - request.first_block)
    return refusal(core::errc::shape_mismatch, "a batch or a block that is not there");
  if (request.epoch != epoch) {
    order = epoch_order(options.seed, request.epoch, plan.users);
    epoch = request.epoch;
  }
  const auto rows_per_block = plan.rows_per_block();
  const auto first =
    std::min(request.first_block * rows_per_block, plan.users_of(request.batch));
  const auto end = std::min((request.first_block + request.num_blocks) * rows_per_block,
                            plan.users_of(request.batch));
  rows_of_run found;
  for (auto place = first; place < end; ++place) {
    const auto user = order[request.batch * plan.batch_users + place];
    if (user < options.first_user || user >= options.end_user)
      continue;
    const auto row = rows->row(user);
    found.places.values.push_back(place - request.first_block * rows_per_block);
    found.users.values.push_back(user);
    found.lengths.values.push_back(static_cast<std::uint32_t>(row.size()));
    found.items.values.insert(found.items.values.end(), row.begin(), row.end());
  }
  return found;
}

data_shard_actor::behavior_type
data_shard(data_shard_actor::stateful_pointer<data_shard_state> self,
           data_shard_options options,
           std::shared_ptr<const core::interactions> rows) {
  share_exception_handler(self);
  self->state.options = options;
  self->state.rows = std::move(rows);
  return {
    [self](const get_rows& request) {
      auto& work = self->state.work;
      work.queued(self->mailbox().size() + 1);
      const auto computing = work.computing();
      return self->state.find(request);
    },
    [self](const get_work&) { return self->state.work.take(); },
  };
}

} // namespace souk::actors
