#pragma once

#include "actors/batches.hpp"
#include "actors/bulk/exchange.hpp"
#include "actors/bulk/whole_arena.hpp"
#include "actors/clocks.hpp"
#include "actors/local_replicas.hpp"
#include "actors/messages/types.hpp"
#include "actors/rows_on_their_way.hpp"
#include "actors/work_account.hpp"
#include "models/compression.hpp"
#include "models/learner.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <vector>

namespace souk::actors {

struct trainer_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  std::uint64_t seed = 0;
  batches plan;
  std::uint32_t num_items = 0;
  std::uint32_t first_block = 0; ///< its run of blocks: [first_block, + num_blocks)
  std::uint32_t num_blocks = 0;
  std::vector<core::arena_range> ranges; ///< by server
  models::compression_options compression;
  std::uint32_t threads = 1; ///< that share a block's compression
  consistency_options consistency;
  clocks::worker_range workers;   ///< whose steps it computes
  models::adam_options optimiser; ///< local_sgd: of its replicas
};

/// Whom a trainer works with.
struct trainer_peers {
  std::vector<messages::data_shard_actor> shards;
  std::vector<messages::parameter_server_actor> servers; ///< by range
  messages::coordinator_actor coordinator;
  messages::bulk_actor bulk;
};

/// A learner's inputs and outputs on their way: what a step still waits for.
///
/// Without compression the learner takes the whole run of blocks and one partial sum
/// goes to each server. With it the learner is made for one block, and each block's
/// gradient is compressed and sent by itself. Under local SGD gradients stay here: each
/// replica's steps follow them, and what they changed is sent at the end of a clock.
struct trainer_state {
  static constexpr const char* name = "trainer";

  trainer_options options;
  trainer_peers peers;
  std::shared_ptr<bulk::exchange> exchange;
  std::unique_ptr<models::learner> learner;
  clocks time;
  std::shared_ptr<core::gradient> gradient;
  /// All that there are; servers may hold some until they apply them, outside lockstep.
  std::vector<std::shared_ptr<core::gradient>> gradients;
  std::vector<std::shared_ptr<models::packed_words>> packed; ///< likewise, compressed
  std::shared_ptr<local_replicas> replicas;                  ///< local_sgd, else null
  core::span<const float> origin; ///< where the replicas' clock began
  std::shared_ptr<models::gradient_compressor> compressor; ///< null without
  std::vector<models::block_loss> losses;                  ///< by block
  std::vector<messages::push_gradient> pushes; ///< of the turns in hand, all ranges
  std::size_t pushes_missing = 0;              ///< not yet taken, outside lockstep

  std::uint64_t step = 0;      ///< the one to compute next
  std::uint64_t last = 0;      ///< end of the lease
  std::uint64_t computed = 0;  ///< steps of the lease that were its own
  bulk::arena_payloads ranges; ///< parameters to compute it with
  bulk::whole_arena parameters;
  std::size_t ranges_missing = 0;
  std::uint64_t bytes_pulled = 0; ///< of these parameters
  std::vector<bool> is_elsewhere; ///< by range: whether its server's process is another

  rows_on_their_way incoming;                 ///< of the step to compute next
  std::vector<models::batch_row> rows;        ///< of the run, by place
  std::vector<models::training_block> blocks; ///< rows of the step in hand
  caf::typed_response_promise<messages::steps_finished> lease;
  work_account work;

  /// Puts the shards' rows together, by place; pads what is missing.
  void assemble_blocks();

  /// Computes the run's gradient, offers what is to be pushed, and returns what the
  /// step lost. Throws where a gradient that is not finite cannot be compressed.
  messages::step_losses compute();

  /// Makes `gradient` one that nobody reads.
  void renew_gradient();

  /// Offers the run's partial sum to every server.
  void offer_sums();

  /// Compresses the gradient of one of the run's blocks and offers it to every server.
  void offer_compressed(std::size_t block);

  /// Lets the step's replica follow the gradient of `now`; offers to every server what
  /// it has changed if its part of the clock is done.
  void descend(const models::training_step& now);

  /// A ticket of this trainer for the present step, still without a length. Blocks of
  /// other workers have other numbers.
  core::tensor_ticket
  new_ticket(core::tensor_kind kind, std::size_t block, std::size_t range) const;
};

/// Computes a run of blocks, step after step: gathers rows and parameters, calls the
/// learner, offers the gradient to every server, and goes on when the step is applied.
messages::trainer_actor::behavior_type
trainer(messages::trainer_actor::stateful_pointer<trainer_state> self,
        trainer_options options,
        trainer_peers peers,
        std::shared_ptr<bulk::exchange> exchange,
        std::shared_ptr<std::unique_ptr<models::learner>> learner);

} // namespace souk::actors
