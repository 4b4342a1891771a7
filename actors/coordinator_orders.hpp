#pragma once

#include "actors/coordinator.hpp"

namespace souk::actors {

/// Makes all servers repeat the orders of the coordinator's options. Fails unless there
/// is one for each range.
void install_orders(coordinator_pointer self,
                    coordinator_step then,
                    coordinator_failure failed);

/// Gathers what happened to the ranges since the training came to rest last, and tells
/// the observer, range after range.
void gather_orders(coordinator_pointer self,
                   coordinator_step then,
                   coordinator_failure failed);

} // namespace souk::actors
