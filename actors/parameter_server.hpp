#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"
#include "core/gradient.hpp"
#include "models/learner.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <vector>

namespace souk::actors {

struct parameter_server_options {
  std::uint64_t run = 0;   ///< of the training, for tickets
  std::uint32_t index = 0; ///< number of the range
  core::arena_range range;
  std::vector<std::size_t> runs_of_blocks; ///< of all trainers, in order
  models::adam_options optimiser;
};

/// A range of the parameters, its moments, and the rule that applies a step to them.
///
/// The parameters live in the process's arena, which trainers of the same process read
/// without a copy. That is safe under BSP: a step is applied only after every trainer
/// has pushed, and a trainer pushes only when it has done with the parameters.
struct parameter_server_state {
  static constexpr const char* name = "parameter_server";

  parameter_server_options options;
  std::shared_ptr<bulk::exchange> exchange;
  messages::bulk_actor bulk;
  std::shared_ptr<core::parameter_arena> arena;          ///< of the whole model
  std::shared_ptr<core::parameter_arena> first_moments;  ///< [range]
  std::shared_ptr<core::parameter_arena> second_moments; ///< [range]
  core::parameter_arena gradient;                        ///< [range]
  core::version_t version = 0; ///< equals the number of steps applied
  core::tensor_ticket offered; ///< the parameters at `version`

  /// Partial sums of the present step by first block, and who waits for the step.
  std::map<std::uint32_t, std::shared_ptr<const bulk::payload>> partials;
  std::vector<caf::typed_response_promise<messages::parameters_ready>> waiting;

  core::span<float> parameters() const;

  /// Copies a fetched payload into [range] floats. Throws unless it fills the range.
  void copy_into(const bulk::payload& from, core::span<float> to) const;

  /// Offers the range's parameters at the present version.
  void offer_parameters();

  /// Offers parameters and moments, for a checkpoint.
  messages::server_state offer_state() const;

  /// Takes one trainer's partial sum; true when the tree is whole.
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
  std::shared_ptr<core::parameter_arena> arena);

} // namespace souk::actors
