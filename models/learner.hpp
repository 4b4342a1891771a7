#pragma once

#include "core/gradient.hpp"
#include "core/interactions.hpp"
#include "core/snapshot.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::models {

/// What all trainers know about a step.
struct training_step {
  std::uint64_t seed = 0;        ///< the run's
  std::uint64_t number = 0;      ///< counts from 0 over all epochs
  std::uint32_t batch_users = 0; ///< users in the batch, padding not counted
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

  /// Writes the initial weights, a pure function of the seed: [layout().size()].
  virtual void initialise(std::uint64_t seed, core::span<float> parameters) const = 0;

  /// Computes the gradient of the mean loss per user of the batch, summed over an
  /// aligned run of blocks (a power of two) along the fixed tree, into `out`, which is
  /// cleared first. Each block counts as if it were computed alone, serially. Returns a
  /// loss per block.
  virtual std::vector<block_loss> accumulate(const training_step& step,
                                             const std::vector<training_block>& blocks,
                                             core::span<const float> parameters,
                                             core::gradient& out) = 0;

  /// Returns the model that these parameters are.
  virtual core::snapshot to_snapshot(core::span<const float> parameters) const = 0;
};

/// Whether a kind is trained step by step (and so has a learner) or fitted in one go.
bool has_learner(const model_options& options);

/// Makes the learner of a `mult_vae` or `mult_dae`; `rows_per_block` fixes the shapes
/// of its products. Throws `error` (of the request) for options that make no model.
std::unique_ptr<learner> make_learner(const model_options& options,
                                      std::uint32_t num_items,
                                      std::uint32_t rows_per_block,
                                      std::size_t threads);

/// Applies one step of Adam to a range of the arena; all spans have the range's length.
/// `step` counts from 1. Element by element, so ranges can be cut anywhere.
void adam_step(const adam_options& options,
               std::uint64_t step,
               core::span<const float> gradient,
               core::span<float> parameters,
               core::span<float> first_moments,
               core::span<float> second_moments);

} // namespace souk::models
