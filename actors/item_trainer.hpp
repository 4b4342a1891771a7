#pragma once

#include "actors/batches.hpp"
#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"
#include "actors/rows_on_their_way.hpp"
#include "actors/work_account.hpp"
#include "models/middle_learner.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <vector>

namespace souk::actors {

struct item_trainer_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  std::uint64_t seed = 0;
  batches plan;
};

/// Whom a trainer works with where items have owners.
struct item_trainer_peers {
  std::vector<messages::data_shard_actor> shards;
  std::vector<messages::item_server_actor> owners; ///< by ranges
  messages::parameter_server_actor middle;         ///< has the layers between
  messages::coordinator_actor coordinator;
  messages::bulk_actor bulk;
};

/// The middle of a step, and what it still waits for.
struct item_trainer_state {
  static constexpr const char* name = "item_trainer";

  item_trainer_options options;
  item_trainer_peers peers;
  std::shared_ptr<bulk::exchange> exchange;
  std::shared_ptr<models::middle_learner> learner;
  std::shared_ptr<core::gradient> gradient; ///< of the middle
  std::vector<models::block_loss> losses;   ///< by block

  std::uint64_t step = 0;     ///< the one in hand, or to compute next
  std::uint64_t last = 0;     ///< end of the lease
  std::uint64_t computed = 0; ///< steps of it so far
  bool computing = false;     ///< the step in hand waits for servers
  std::size_t missing = 0;    ///< their answers
  std::vector<std::shared_ptr<const bulk::payload>> partials; ///< by owner
  std::shared_ptr<const bulk::payload> middle; ///< its parameters at `step`
  std::uint64_t bytes_pushed = 0;              ///< of the step in hand, to servers
  std::uint64_t bytes_pulled = 0;
  std::vector<bool> is_elsewhere; ///< by owner: whether its process is another

  rows_on_their_way incoming;                    ///< of the step to compute next
  std::vector<models::batch_row> rows;           ///< of the step in hand
  std::vector<messages::rows_of_run> rows_owner; ///< what they point into
  caf::typed_response_promise<messages::steps_finished> lease;
  work_account work;

  /// Starts the step with the rows that have arrived.
  void begin_step();

  /// Offers numbers of the step in hand, kept alive by `owner`, to one server or to
  /// all; every one of `readers` is counted.
  core::tensor_ticket offer(core::tensor_kind kind,
                            core::gradient_slice runs,
                            std::shared_ptr<const void> owner,
                            std::size_t range,
                            std::size_t readers);

  /// The owners' partial sums, as they came. Throws unless each has so many numbers.
  std::vector<core::span<const float>> partial_sums(std::size_t size) const;

  /// The middle's parameters.
  core::span<const float> parameters() const;

  /// What the step in hand lost and moved.
  messages::step_losses losses_of_step() const;
};

/// Takes a batch through its owners and the layers between, step after step, within
/// leases: to a coordinator it is a trainer of all blocks.
messages::trainer_actor::behavior_type
item_trainer(messages::trainer_actor::stateful_pointer<item_trainer_state> self,
             item_trainer_options options,
             item_trainer_peers peers,
             std::shared_ptr<bulk::exchange> exchange,
             std::shared_ptr<models::middle_learner> learner);

} // namespace souk::actors
