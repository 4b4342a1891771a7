#pragma once

#include "actors/messages/raw_vector.hpp"
#include "actors/messages/work.hpp"
#include "core/ids.hpp"
#include "core/tensor_ticket.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace souk::messages {

// -- data shards
// --------------------------------------------------------------------------

/// Asks for the rows of a run of blocks, as far as the shard owns them.
struct get_rows {
  std::uint64_t epoch = 0;
  std::uint64_t batch = 0; ///< counts from 0 in each epoch
  std::uint32_t first_block = 0;
  std::uint32_t num_blocks = 0;
};

/// Answers `get_rows`: rows in compressed form, each with its place in the run.
struct rows_of_run {
  raw_vector<std::uint32_t> places; ///< block in the run times rows per block, plus row
  raw_vector<std::uint32_t> users;  ///< row numbers in the training set
  raw_vector<std::uint32_t> lengths; ///< items of each row
  raw_vector<std::uint32_t> items;   ///< of all rows, one after another
};

/// Owns the rows of its users and hands them out by number.
using data_shard_actor =
  caf::typed_actor<caf::replies_to<get_rows>::with<rows_of_run>,
                   caf::replies_to<get_work>::with<core::work_counters>>;

// -- parameter servers
// --------------------------------------------------------------------

/// Brings a range to a known state: initial weights, or those of a checkpoint.
struct install_state {
  core::version_t version = 0;
  core::tensor_ticket parameters;
  core::tensor_ticket first_moments;
  core::tensor_ticket second_moments;
};

/// Asks for the parameters to compute a worker's turn with (see `actors/clocks.hpp`).
/// Under bsp a turn is a step, and they are those of exactly this version.
struct pull_parameters {
  std::uint64_t turn = 0;
};

/// Offers a trainer's partial sum of the gradient of turn `partial_sum.step`, over its
/// run of blocks; where gradients are compressed, a block of its own; under local SGD,
/// what a replica's steps changed. Blocks of worker w are numbered on from
/// w * `training.blocks`.
struct push_gradient {
  core::tensor_ticket partial_sum;
  std::uint32_t num_blocks = 0;
};

/// The range's parameters at a version; answers the three above.
struct parameters_ready {
  core::tensor_ticket parameters;
};

/// Asks for everything that a checkpoint needs, at exactly this version.
struct get_state {
  core::version_t version = 0;
};

/// Answers `get_state`; valid until the next step is applied.
struct server_state {
  core::tensor_ticket parameters;
  core::tensor_ticket first_moments;
  core::tensor_ticket second_moments;
};

/// Makes a server repeat the order of another execution from now on: reads and
/// gradients wait until they are next. For the server's range, as `range_events`.
struct follow_order {
  raw_vector<std::uint64_t> events;
};

struct order_followed {};

/// Asks for the order of reads and applied gradients since it was last asked for.
struct get_order {};

/// Answers `get_order`: twice the turn, plus one if it was applied, in the order in
/// which they took effect.
struct range_events {
  raw_vector<std::uint64_t> events;
};

/// Owns a range of the parameters and its optimiser's moments; applies a gradient when
/// the tree over all blocks is whole, and it may be seen.
using parameter_server_actor = caf::typed_actor<
  // Fails with `shape_mismatch` or what the bulk exchange says.
  caf::replies_to<install_state>::with<parameters_ready>,
  // Answered when the turn may be read. Fails with `not_ready` unless it is its
  // worker's next, or the one after.
  caf::replies_to<pull_parameters>::with<parameters_ready>,
  // In lockstep (bsp, local_sgd) answered when the clock is applied, with the
  // parameters of the next; else when the gradient is taken, with an empty ticket.
  // Fails with `stale_gradient` for one that was taken before, with `old_generation`
  // for what was computed before the membership changed.
  caf::replies_to<push_gradient>::with<parameters_ready>,
  // Fails with `not_ready` at any other version.
  caf::replies_to<get_state>::with<server_state>,
  caf::replies_to<follow_order>::with<order_followed>,
  caf::replies_to<get_order>::with<range_events>,
  caf::replies_to<get_work>::with<core::work_counters>>;

// -- coordinator
// --------------------------------------------------------------------------

/// Tells what the blocks of a run lost at a step, in nats, summed over their users.
struct step_losses {
  std::uint64_t step = 0;
  std::uint32_t first_block = 0;
  raw_vector<double> negative_log_likelihoods; ///< by block
  raw_vector<double> divergences;              ///< by block
  std::uint64_t bytes_pushed = 0; ///< of what goes to servers because of the step
  std::uint64_t bytes_moved = 0;  ///< the same, and what comes from them
};

/// Asks for the end after the present lease, with a checkpoint.
struct interrupt_training {};

/// Tells that an actor of the run is gone.
struct role_died {
  std::string role; ///< "trainer 1 in process 2"
  std::string reason;
};

// -- trainers
// -----------------------------------------------------------------------------

/// A lease: permission to run steps [first, last), no others.
struct run_steps {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Answers `run_steps`: in lockstep when the last step is applied everywhere, else when
/// its gradient was taken by every server.
struct steps_finished {
  std::uint64_t last = 0;
  std::uint64_t computed = 0; ///< steps of the lease that were the trainer's own
  core::work_counters work{}; ///< since the last lease's end
};

/// Brings what trainers keep from step to step to a known state: the residuals of
/// blocks or, under local_sgd, the two moments of Adam of each replica.
struct install_residuals {
  core::version_t version = 0;
  std::vector<core::tensor_ticket> residuals; ///< of all trainers; empty: zeros
};

struct residuals_installed {};

/// Asks for the residuals at exactly this version, for a checkpoint.
struct get_residuals {
  core::version_t version = 0;
};

/// Answers `get_residuals`; valid until the next lease.
struct residuals_ready {
  std::vector<core::tensor_ticket> residuals; ///< of the trainer
};

/// Computes its run of blocks, step after step, within leases.
using trainer_actor =
  caf::typed_actor<caf::replies_to<run_steps>::with<steps_finished>,
                   // Fails with `shape_mismatch` or what the bulk exchange says.
                   caf::replies_to<install_residuals>::with<residuals_installed>,
                   // Fails with `not_ready` at any other version, or where none are
                   // kept.
                   caf::replies_to<get_residuals>::with<residuals_ready>>;

/// Starts the training that the coordinator was made for, with these actors.
struct start_training {
  std::vector<trainer_actor> trainers;
  std::vector<parameter_server_actor> servers;
  std::vector<data_shard_actor> shards;
  /// What they are called; empty: "trainer 0", "parameter_server 0" and so on.
  std::vector<std::string> trainer_names;
  std::vector<std::string> server_names;
};

enum class training_end : std::uint8_t {
  completed,   ///< all epochs, or patience ran out
  interrupted, ///< a checkpoint was written first
};

/// Answers `start_training`.
struct training_finished {
  training_end end = training_end::completed;
  std::uint64_t steps = 0; ///< applied in all, those before a resume included
};

/// Owns the plan: which steps may run, when to validate, checkpoint and stop.
using coordinator_actor = caf::typed_actor<
  // Fails with `failed` and a text when an actor of the run died or broke.
  caf::replies_to<start_training>::with<training_finished>,
  caf::reacts_to<step_losses>,
  caf::reacts_to<interrupt_training>,
  caf::reacts_to<role_died>>;

// -- how they travel
// ----------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, get_rows& x) {
  return f(caf::meta::type_name("get_rows"), x.epoch, x.batch, x.first_block,
           x.num_blocks);
}

template <class Inspector>
auto inspect(Inspector& f, rows_of_run& x) {
  return f(caf::meta::type_name("rows_of_run"), x.places, x.users, x.lengths, x.items);
}

template <class Inspector>
auto inspect(Inspector& f, install_state& x) {
  return f(caf::meta::type_name("install_state"), x.version, x.parameters,
           x.first_moments, x.second_moments);
}

template <class Inspector>
auto inspect(Inspector& f, pull_parameters& x) {
  return f(caf::meta::type_name("pull_parameters"), x.turn);
}

template <class Inspector>
auto inspect(Inspector& f, push_gradient& x) {
  return f(caf::meta::type_name("push_gradient"), x.partial_sum, x.num_blocks);
}

template <class Inspector>
auto inspect(Inspector& f, parameters_ready& x) {
  return f(caf::meta::type_name("parameters_ready"), x.parameters);
}

template <class Inspector>
auto inspect(Inspector& f, get_state& x) {
  return f(caf::meta::type_name("get_state"), x.version);
}

template <class Inspector>
auto inspect(Inspector& f, server_state& x) {
  return f(caf::meta::type_name("server_state"), x.parameters, x.first_moments,
           x.second_moments);
}

template <class Inspector>
auto inspect(Inspector& f, follow_order& x) {
  return f(caf::meta::type_name("follow_order"), x.events);
}

template <class Inspector>
auto inspect(Inspector& f, order_followed&) {
  return f(caf::meta::type_name("order_followed"));
}

template <class Inspector>
auto inspect(Inspector& f, get_order&) {
  return f(caf::meta::type_name("get_order"));
}

template <class Inspector>
auto inspect(Inspector& f, range_events& x) {
  return f(caf::meta::type_name("range_events"), x.events);
}

template <class Inspector>
auto inspect(Inspector& f, step_losses& x) {
  return f(caf::meta::type_name("step_losses"), x.step, x.first_block,
           x.negative_log_likelihoods, x.divergences, x.bytes_pushed, x.bytes_moved);
}

template <class Inspector>
auto inspect(Inspector& f, interrupt_training&) {
  return f(caf::meta::type_name("interrupt_training"));
}

template <class Inspector>
auto inspect(Inspector& f, role_died& x) {
  return f(caf::meta::type_name("role_died"), x.role, x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, run_steps& x) {
  return f(caf::meta::type_name("run_steps"), x.first, x.last);
}

template <class Inspector>
auto inspect(Inspector& f, steps_finished& x) {
  return f(caf::meta::type_name("steps_finished"), x.last, x.computed, x.work);
}

template <class Inspector>
auto inspect(Inspector& f, install_residuals& x) {
  return f(caf::meta::type_name("install_residuals"), x.version, x.residuals);
}

template <class Inspector>
auto inspect(Inspector& f, residuals_installed&) {
  return f(caf::meta::type_name("residuals_installed"));
}

template <class Inspector>
auto inspect(Inspector& f, get_residuals& x) {
  return f(caf::meta::type_name("get_residuals"), x.version);
}

template <class Inspector>
auto inspect(Inspector& f, residuals_ready& x) {
  return f(caf::meta::type_name("residuals_ready"), x.residuals);
}

template <class Inspector>
auto inspect(Inspector& f, start_training& x) {
  return f(caf::meta::type_name("start_training"), x.trainers, x.servers, x.shards,
           x.trainer_names, x.server_names);
}

template <class Inspector>
auto inspect(Inspector& f, training_finished& x) {
  return f(caf::meta::type_name("training_finished"), x.end, x.steps);
}

} // namespace souk::messages
