#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"
#include "actors/parameter_server.hpp"
#include "actors/work_account.hpp"
#include "models/item_owner.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace souk::actors {

struct item_server_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  std::uint32_t index = 0;      ///< among the servers
  core::arena_part part;        ///< the owned ranges' parameters
};

/// Ranges of items, how far their step is, and the rule that takes it on.
struct item_server_state {
  static constexpr const char* name = "item_server";

  /// What a step has come to, in order.
  enum class stage { applied, encoded, compared, differentiated };

  item_server_options options;
  std::shared_ptr<bulk::exchange> exchange;
  messages::bulk_actor bulk;
  std::shared_ptr<training_memory> memory;
  std::shared_ptr<models::item_owner> owner;
  core::version_t version = 0; ///< equals the number of steps applied
  stage reached = stage::applied;
  work_account work;
  bool reader_is_elsewhere = false;            ///< the trainer's process is another
  std::shared_ptr<const bulk::payload> hidden; ///< the owner reads it until the update

  /// Views parameters and moments of the arena.
  models::optimiser_state arena() const;

  /// Offers a tensor of the owned part at the present version.
  core::tensor_ticket offer(core::tensor_kind kind, const float* arena) const;

  /// Offers an owner's part of a sum of the step in hand.
  messages::partial_ready offer_partial(core::tensor_kind kind,
                                        core::span<const float> values);

  /// A ticket of the owner at the present version, still without a length.
  core::tensor_ticket new_ticket(core::tensor_kind kind) const;

  /// Whether a ticket's step may go from one stage to the next; nothing, or why not.
  caf::error refusal_of(const core::tensor_ticket& ticket, stage before) const;

  // The stages of a step. Throw `error` for bytes that are none of it.
  messages::partial_ready encode(const bulk::payload& rows);
  messages::partial_ready compare(std::shared_ptr<const bulk::payload> last_inputs);
  messages::partial_ready differentiate(const bulk::payload& scales);
  messages::items_updated update(const bulk::payload& gradients);
};

/// Owns ranges of items and computes their part of every step.
messages::item_server_actor::behavior_type
item_server(messages::item_server_actor::stateful_pointer<item_server_state> self,
            item_server_options options,
            std::shared_ptr<bulk::exchange> exchange,
            messages::bulk_actor bulk,
            std::shared_ptr<training_memory> memory,
            std::shared_ptr<models::item_owner> owner);

} // namespace souk::actors
