#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/bulk/whole_arena.hpp"
#include "actors/messages/types.hpp"
#include "actors/run_board.hpp"
#include "actors/slow_trainers.hpp"
#include "actors/training_progress.hpp"
#include "actors/work_account.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <vector>

namespace souk::actors {

struct coordinator_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  training_options training;
  batches plan;
  std::vector<core::arena_part> parts; ///< of the arena, by server
  /// What servers are to repeat, by range; null: nothing.
  std::shared_ptr<const std::vector<range_order>> orders = nullptr;
  /// Where it writes down what everybody does.
  std::shared_ptr<run_board> board = std::make_shared<run_board>();
};

/// What is told of a step by block, until all of it is there.
struct pending_losses {
  std::vector<double> negative_log_likelihoods;
  std::vector<double> divergences;
  std::size_t blocks_known = 0;
  std::uint64_t bytes_pushed = 0;
  std::uint64_t bytes_moved = 0;
};

/// The plan of a training and how far it is.
struct coordinator_state {
  static constexpr const char* name = "coordinator";

  coordinator_options options;
  std::unique_ptr<training_schedule> schedule;
  std::shared_ptr<training_observer> observer;
  std::shared_ptr<bulk::exchange> exchange;
  messages::bulk_actor bulk;

  training_progress progress;
  std::shared_ptr<training_tensors> start; ///< null once every server has its part
  core::parameter_arena best;              ///< parameters; empty before the first best
  std::map<std::uint64_t, pending_losses> losses; ///< by step

  std::vector<messages::trainer_actor> trainers;
  std::vector<messages::parameter_server_actor> servers;
  std::vector<messages::data_shard_actor> shards;
  std::vector<std::string> trainer_names, server_names; ///< as the board knows them
  std::size_t missing = 0; ///< answers that the present phase still waits for
  std::uint64_t rest = 0;  ///< the cut where all trainers come to rest next
  std::vector<std::uint64_t> granted; ///< by trainer: the end of its lease
  std::vector<std::uint64_t> reached; ///< by trainer: the end of its last lease
  std::uint64_t rested = 0;           ///< where they came to rest last
  std::vector<range_order> happened;  ///< by range, since then
  bool interrupt_asked = false;
  bool interrupted = false; ///< heard between two leases
  caf::typed_response_promise<messages::training_finished> promise;

  work_account work;
  std::unique_ptr<slow_trainers> slow;
  std::vector<bool> named_slow; ///< by trainer, as was said last
  double last_lease_ended = 0;  ///< of any trainer; or when leases were granted
  double asked_for_work = 0;    ///< when servers and shards were last

  /// Offers a range of the state that training starts from.
  messages::install_state offer_state(std::size_t range);

  /// Notes what a trainer's blocks lost at a step.
  void note(const messages::step_losses& losses);

  /// Adds the losses of steps that all trainers have finished to the epoch's, in step
  /// order.
  void close_steps(std::uint64_t last);

  /// A tensor of the servers' state between two leases.
  struct gathered_tensor {
    bulk::arena_payloads ranges;
    bulk::whole_arena arena;
    core::span<const float> values;
  };

  gathered_tensor gathered[3];    ///< parameters and moments, by kind
  bulk::arena_payloads residuals; ///< what trainers keep, by number, for a checkpoint

  /// Which tensors of a server are needed at the present step.
  std::vector<core::tensor_ticket> needed(const messages::server_state& state) const;

  /// Whether a checkpoint is to be written at the present step.
  bool saves() const;

  /// How many tensors trainers keep from step to step, so that they belong to a
  /// checkpoint: what they do not send, or moments of replicas.
  std::size_t num_residuals() const;

  /// Notes a range of the present state.
  void take(const core::tensor_ticket& ticket,
            std::shared_ptr<const bulk::payload> numbers);

  /// Validates and checkpoints what is due at the present step, if all that it takes
  /// has been gathered.
  void after_lease();
};

/// A coordinator from inside; what goes on when something asked of others is done, and
/// what if that fails.
using coordinator_pointer =
  messages::coordinator_actor::stateful_pointer<coordinator_state>;
using coordinator_step = void (*)(coordinator_pointer);
using coordinator_failure = void (*)(coordinator_pointer, const caf::error&);

/// Runs a training: grants leases to the trainers, gathers the state where they come to
/// rest, validates, checkpoints, and stops.
///
/// In lockstep they rest after every lease; else each gets its next lease as soon as it
/// has finished the last, up to the next cut where something is due.
///
/// `tensors` is the state to start from, at `progress.step`. Validation and checkpoints
/// block, so it wants a thread of its own (detached).
messages::coordinator_actor::behavior_type
coordinator(messages::coordinator_actor::stateful_pointer<coordinator_state> self,
            coordinator_options options,
            std::shared_ptr<training_observer> observer,
            std::shared_ptr<bulk::exchange> exchange,
            messages::bulk_actor bulk,
            training_progress progress,
            std::shared_ptr<training_tensors> tensors);

} // namespace souk::actors
