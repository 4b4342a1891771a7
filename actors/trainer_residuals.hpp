#pragma once

#include "actors/trainer.hpp"

namespace souk::actors {

/// What trainers keep from step to step and a checkpoint needs has numbers over the
/// whole training: residuals those of their blocks; under local SGD, replica r's first
/// moments are number 2 r and its second moments 2 r + 1.

/// Brings what a trainer keeps to a checkpoint's: fetches it, in whatever process it
/// is, and answers when it has all of it.
caf::result<messages::residuals_installed>
take_residuals(messages::trainer_actor::stateful_pointer<trainer_state> self,
               const messages::install_residuals& request);

/// Offers what a trainer keeps, in place: nobody writes to it before the next lease.
caf::result<messages::residuals_ready>
offer_residuals(trainer_state& state, const messages::get_residuals& request);

} // namespace souk::actors
