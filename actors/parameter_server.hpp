#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/consistency_rule.hpp"
#include "actors/messages/types.hpp"
#include "actors/version_copies.hpp"
#include "actors/work_account.hpp"
#include "core/shareable_memory.hpp"
#include "models/optimiser.hpp"
#include "models/outer_optimiser.hpp"
#include "models/packed_gradient.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace souk::actors {

struct parameter_server_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  std::uint32_t index = 0;      ///< number of the range
  core::arena_range range;
  /// What is pushed of a gradient, in order: the trainers' runs, or single blocks if
  /// compressed.
  std::vector<std::size_t> runs_of_blocks;
  models::adam_options optimiser;
  std::uint32_t threads = 1; ///< that share a step's update
  consistency_options consistency = {};
  std::uint64_t batches_per_epoch = 1;
};

/// The arenas of one training in one process: each server keeps its range in them, so
/// that trainers and the coordinator read them there, without a copy. What no server of
/// the process owns is never written and takes no memory.
struct training_memory {
  explicit training_memory(std::size_t size)
    : parameters{size}, first_moments{size}, second_moments{size} {
    // nop
  }

  core::shareable_buffer<float> parameters;
  core::shareable_buffer<float> first_moments;
  core::shareable_buffer<float> second_moments;
};

/// A range of the parameters, its moments, and what happens to them: when they are read
/// and when gradients are applied is up to the rule.
///
/// In lockstep (bsp, local_sgd) others read the parameters in place, which is safe: a
/// clock is applied only after every trainer has pushed, a trainer pushes only when it
/// has done with the parameters, and the coordinator reads only between leases.
/// Otherwise every reader gets a copy of its version.
struct parameter_server_state {
  static constexpr const char* name = "parameter_server";

  using promise = caf::typed_response_promise<messages::parameters_ready>;

  /// Part of a gradient, and who keeps its numbers alive.
  struct gradient_part {
    models::unpacked_gradient numbers;
    std::shared_ptr<const bulk::payload> owner;
  };

  /// A gradient on its way: its parts by first block, and who waits for it.
  struct arriving_gradient {
    std::map<std::uint32_t, gradient_part> parts;
    std::vector<promise> waiting;
  };

  /// Those who compute a gradient read the same version, whenever they ask.
  struct reading {
    std::optional<core::tensor_ticket> offered;
    std::vector<promise> waiting;
  };

  parameter_server_options options;
  std::shared_ptr<bulk::exchange> exchange;
  messages::bulk_actor bulk;
  std::shared_ptr<training_memory> memory;
  clocks time;
  std::unique_ptr<consistency_rule> rule;
  std::unique_ptr<models::optimiser> optimiser;   ///< all but local_sgd
  std::unique_ptr<models::outer_optimiser> outer; ///< local_sgd
  std::unique_ptr<version_copies> copies;
  core::version_t version = 0; ///< equals the number of steps applied
  core::tensor_ticket offered; ///< in lockstep, the parameters at `version`

  std::map<std::uint64_t, arriving_gradient> gradients; ///< by turn, not yet applied
  std::map<std::uint64_t, reading> readings;            ///< by turn, not yet brought
  work_account work;
  std::set<std::uint32_t> elsewhere; ///< processes that gradients came from of late
  range_order order; ///< since it was last asked for; empty where one answer is due

  /// Takes its options and makes what follows from them.
  void open(parameter_server_options given);

  /// Goes on from a state that was installed, at a cut.
  void begin(core::version_t cut);

  /// Views the range in one of the memory's arenas.
  core::span<float> own(const core::shareable_buffer<float>& arena) const;

  /// A ticket of the range at the present version, still without a length.
  core::tensor_ticket new_ticket(core::tensor_kind kind) const;

  /// Offers a tensor of the range at the present version.
  core::tensor_ticket offer(core::tensor_kind kind,
                            const core::shareable_buffer<float>& arena) const;

  /// Offers parameters and moments, for a checkpoint.
  messages::server_state offer_state();

  /// First block of a part in its batch: those of other workers are numbered on.
  std::uint32_t block_in_batch(const core::tensor_ticket& part) const;

  /// Whether this is a part of a gradient that somebody was given.
  bool is_part(const core::tensor_ticket& part, std::uint32_t num_blocks) const;

  /// Views a gradient as runs of the arena, whether it came packed or not. Throws
  /// `error` for words that do not decode.
  gradient_part view(const core::tensor_ticket& ticket,
                     std::shared_ptr<const bulk::payload> gradient) const;

  /// Whether its numbers can be applied to the range.
  bool fits(const gradient_part& part) const;

  /// Takes a part of a gradient, then does what it sufficed for.
  void take(const core::tensor_ticket& ticket, gradient_part part, promise answer);

  /// Does what the rule says, as long as it says something.
  void settle();

private:
  void carry_out(const range_event& event);
  void read(std::uint64_t turn);
  void apply_gradient(std::uint64_t turn);
  void apply_differences(std::uint64_t cut);
};

/// Owns one range of the arena: sums what trainers push, and applies whole gradients
/// only.
messages::parameter_server_actor::behavior_type parameter_server(
  messages::parameter_server_actor::stateful_pointer<parameter_server_state> self,
  parameter_server_options options,
  std::shared_ptr<bulk::exchange> exchange,
  messages::bulk_actor bulk,
  std::shared_ptr<training_memory> memory);

} // namespace souk::actors
