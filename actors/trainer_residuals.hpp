#pragma once

#include "actors/trainer.hpp"

namespace souk::actors {

/// Brings a trainer's residuals to a checkpoint's: fetches those of its blocks, in
/// whatever process they are, and answers when it has all of them.
caf::result<messages::residuals_installed>
take_residuals(messages::trainer_actor::stateful_pointer<trainer_state> self,
               const messages::install_residuals& request);

/// Offers a trainer's residuals, in place: nobody writes to them before the next lease.
caf::result<messages::residuals_ready>
offer_residuals(trainer_state& state, const messages::get_residuals& request);

} // namespace souk::actors
