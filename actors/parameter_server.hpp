#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"
#include "core/aligned_vector.hpp"
#include "models/optimiser.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <vector>

namespace souk::actors {

struct parameter_server_options {
  std::uint64_t run = 0;        ///< of the training, for tickets
  std::uint32_t generation = 0; ///< of the membership, likewise
  std::uint32_t index = 0;      ///< number of the range
  core::arena_range range;
  /// What is pushed, in order: the trainers' runs, or single blocks if compressed.
  std::vector<std::size_t> runs_of_blocks;
  models::adam_options optimiser;
  std::uint32_t threads = 1; ///< that share a step's update
};

/// The arenas of one training in one process: each server keeps its range in them, so
/// that trainers and the coordinator read them there, without a copy. What no server of
/// the process owns is never written and takes no memory.
struct training_memory {
  explicit training_memory(std::size_t size)
    : parameters{size}, first_moments{size}, second_moments{size} {
    // nop
  }

  core::aligned_buffer<float> parameters;
  core::aligned_buffer<float> first_moments;
  core::aligned_buffer<float> second_moments;
};

/// A range of the parameters, its moments, and the rule that applies a step to them.
///
/// That others read them in place is safe under BSP: a step is applied only after every
/// trainer has pushed, a trainer pushes only when it has done with the parameters, and
/// the coordinator reads only between leases.
struct parameter_server_state {
  static constexpr const char* name = "parameter_server";

  parameter_server_options options;
  std::shared_ptr<bulk::exchange> exchange;
  messages::bulk_actor bulk;
  std::shared_ptr<training_memory> memory;
  std::unique_ptr<models::optimiser> optimiser;
  core::version_t version = 0; ///< equals the number of steps applied
  core::tensor_ticket offered; ///< the parameters at `version`

  /// Gradients of the present step by first block, and who waits for the step.
  std::map<std::uint32_t, std::shared_ptr<const bulk::payload>> partials;
  std::vector<caf::typed_response_promise<messages::parameters_ready>> waiting;

  /// Views the range in one of the memory's arenas.
  core::span<float> own(const core::aligned_buffer<float>& arena) const;

  /// Copies a fetched payload into [range] floats; one without runs is zeros. Throws
  /// unless it fills the range.
  void copy_into(const bulk::payload& from, core::span<float> to) const;

  /// Offers a tensor of the range at the present version.
  core::tensor_ticket offer(core::tensor_kind kind,
                            const core::aligned_buffer<float>& arena) const;

  /// Offers parameters and moments, for a checkpoint.
  messages::server_state offer_state() const;

  /// Whether a run of blocks is one that a trainer was given.
  bool is_run(std::uint32_t first_block, std::uint32_t num_blocks) const;

  /// Views a gradient as runs of the arena, whether it came packed or not. Throws
  /// `error` for words that do not decode.
  std::shared_ptr<const bulk::payload>
  unpacked(const core::tensor_ticket& ticket,
           std::shared_ptr<const bulk::payload> gradient) const;

  /// Takes a subtree's gradient; true when the tree is whole.
  bool take(std::uint32_t first_block, std::shared_ptr<const bulk::payload> partial);

  /// Sums the tree, applies Adam and offers the new version.
  void apply_step();
};

/// Owns one range of the arena: sums what trainers push and applies whole steps only.
messages::parameter_server_actor::behavior_type parameter_server(
  messages::parameter_server_actor::stateful_pointer<parameter_server_state> self,
  parameter_server_options options,
  std::shared_ptr<bulk::exchange> exchange,
  messages::bulk_actor bulk,
  std::shared_ptr<training_memory> memory);

} // namespace souk::actors
