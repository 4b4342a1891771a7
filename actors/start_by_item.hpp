#pragma once

#include "actors/node.hpp"

/// How a node starts the roles of a training whose items have owners. All throw
/// `core::error` for a model or ranges that cannot be.
namespace souk::actors {

using node_pointer = messages::node_actor::stateful_pointer<node_state>;

messages::item_server_actor start(node_pointer self,
                                  const messages::start_item_server& request);

messages::parameter_server_actor start(node_pointer self,
                                       const messages::start_middle_server& request);

messages::trainer_actor start(node_pointer self,
                              const messages::start_item_trainer& request);

/// The parts of the arena by server: those of `owners` owners, then the middle.
std::vector<core::arena_part> parts_by_item(const models::model_options& model,
                                            std::uint32_t num_items,
                                            std::uint32_t num_ranges,
                                            std::uint32_t owners);

} // namespace souk::actors
