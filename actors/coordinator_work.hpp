#pragma once

#include "actors/coordinator.hpp"

namespace souk::actors {

/// Takes the names of the training's roles, and begins to watch its trainers.
void name_roles(coordinator_state& state, const messages::start_training& start);

/// Notes what a trainer did in a lease, in which it computed so many steps; names slow
/// trainers, and says on the log who is new among them.
void note_work(coordinator_state& state,
               std::size_t trainer,
               std::uint64_t steps,
               const core::work_counters& work);

/// Where all trainers rest: asks servers and data shards what they did, if the last
/// time was a while ago or something ends, and tells the board; what an epoch took goes
/// to the observer. Then goes on.
void gather_work(coordinator_pointer self,
                 coordinator_step then,
                 coordinator_failure failed);

} // namespace souk::actors
