#pragma once

#include "core/gradient.hpp"
#include "core/interactions.hpp"
#include "core/snapshot.hpp"
#include "models/model_options.hpp"
#include "models/phase_clock.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::models {

/// A model that is trained step by step, without the memory that training takes: its
/// tensors, where they start from, and what they are when training is over.
class network {
public:
  virtual ~network() = default;

  virtual const core::parameter_layout& layout() const = 0;

  /// Writes the initial weights, a pure function of the seed: [layout().size()].
  virtual void initialise(std::uint64_t seed, core::span<float> parameters) const = 0;

  /// Returns the model that these parameters are.
  virtual core::snapshot to_snapshot(core::span<const float> parameters) const = 0;
};

/// What all trainers know about a step.
struct training_step {
  std::uint64_t seed = 0;        ///< the run's
  std::uint64_t number = 0;      ///< counts from 0 over all epochs
  std::uint32_t batch_users = 0; ///< users in the batch, padding not counted
};

/// A user of a batch; padding has no items.
struct batch_row {
  core::user_id user = core::no_user;
  core::span<const core::item_id> items;
};

/// The rows of one block. Every block of a run has the same number of rows; what is
/// missing in the last batch is padded with empty rows of weight zero.
struct training_block {
  std::vector<core::user_id> users; ///< [rows]; `no_user` marks padding
  core::interactions rows;          ///< [rows]
};

/// What a block's users contributed to the objective, summed over them, in nats.
struct block_loss {
  double negative_log_likelihood = 0;
  double divergence =
    0; ///< KL from the prior, before its weight; 0 without a posterior
};

/// The shapes that a learner works on, and with what.
struct learner_options {
  std::uint32_t rows_per_block = 0;
  std::uint32_t num_blocks = 1; ///< of its run: a power of two
  std::size_t threads = 1;
  models::precision precision = models::precision::fp32; ///< of the last layer
};

/// Turns rows and parameters into a gradient: the part of a model that trainers run.
///
/// It keeps scratch memory and nothing else: every number it returns is a pure function
/// of its arguments, and draws are named by (seed, user, step). One learner serves one
/// thread at a time; its products may use several threads of their own, which does not
/// change a bit.
class learner {
public:
  virtual ~learner() = default;

  virtual const core::parameter_layout& layout() const = 0;

  /// Computes the gradient of the mean loss per user of the batch, summed over an
  /// aligned run of blocks along the fixed tree, and a loss per block. Each block
  /// counts as if it were computed alone, serially. All of `out` is overwritten.
  /// Allocates nothing of its own after the first call, unless a run has more than 400
  /// items a row and more than any before. oneDNN does at every product: it takes
  /// memory for packed operands (float) or a table of arguments (bf16 without AMX), and
  /// gives it back.
  virtual void accumulate(const training_step& step,
                          core::span<const training_block> blocks,
                          core::span<const float> parameters,
                          core::gradient& out,
                          core::span<block_loss> losses) = 0;

  /// What took how long, summed over all calls, in the order of the step.
  virtual core::span<const phase_time> phases() const {
    return {};
  }
};

/// Whether a kind is trained step by step (and so has a learner) or fitted in one go.
bool has_learner(const model_options& options);

/// Describes a `mult_vae` or `mult_dae`. Throws `error` (of the request) for options
/// that make no model.
std::unique_ptr<network> make_network(const model_options& options,
                                      std::uint32_t num_items);

/// Makes its learner. Tries at once, in about the time of a step, which products blocks
/// may share, and compiles oneDNN's in bf16. Throws `error`: of the request for a
/// precision that the processor lacks (`check_precision`); if the threads cannot be
/// had.
std::unique_ptr<learner> make_learner(const model_options& options,
                                      std::uint32_t num_items,
                                      const learner_options& run);

} // namespace souk::models
