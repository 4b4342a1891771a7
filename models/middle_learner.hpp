#pragma once

#include "core/gradient.hpp"
#include "models/autoencoder_middle.hpp"
#include "models/item_messages.hpp"
#include "models/item_partition.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/learner.hpp"

#include <vector>

namespace souk::models {

/// Who owns which ranges of items, and what is computed between them.
struct middle_options {
  /// Aligned powers of two of ranges, in order: by owner.
  std::vector<std::size_t> owned_ranges;
  std::uint32_t rows_per_block = 0;
  std::uint32_t num_blocks = 1;
  std::size_t threads = 1;
};

/// What is left of a learner where items have owners (`item_owner`): it draws which
/// inputs stay, which takes whole rows; finishes the owners' sums along the tree over
/// ranges; and computes the layers between. Its parameters are the middle of the arena.
///
/// Draws are those of `autoencoder_learner`, so that the two differ in the order of
/// sums over items alone.
class middle_learner {
public:
  /// Throws `error` if the options make no model or threads cannot be had.
  middle_learner(const model_options& options,
                 std::uint32_t num_items,
                 const middle_options& run);

  /// Where its parameters lie, and their layout alone.
  core::arena_range range() const {
    return autoencoder_middle::range_of(shape_);
  }

  const core::parameter_layout& layout() const {
    return layout_;
  }

  /// Rows of a step, padding included.
  std::size_t num_rows() const {
    return rows_.size();
  }

  /// A matrix by owner, as `item_owner` returns it.
  using partials = core::span<const core::span<const float>>;

  /// Starts a step: draws which inputs stay. `rows` are those of all blocks.
  void begin(const training_step& step, const std::vector<batch_row>& rows);

  /// What an owner must know of them.
  packed_words rows_for(std::size_t owner) const;

  /// Takes the owners' sums of the first layer; returns the last layer's inputs. Every
  /// result is valid until the same one of the next step.
  core::span<const float> encode(partials first_layer,
                                 core::span<const float> parameters);

  /// Takes the owners' softmaxes, [rows] each; returns what makes their logits a
  /// gradient, and the losses of all blocks.
  const std::vector<row_scale>&
  compare(const std::vector<std::vector<row_softmax>>& softmaxes,
          core::span<block_loss> losses);

  /// Takes the owners' sums of the gradient by the last layer's inputs; returns the
  /// gradient by the first layer's sums. `out`, of `layout()`, is overwritten.
  core::span<const float> differentiate(partials hidden_gradients,
                                        core::span<const float> parameters,
                                        core::gradient& out);

  /// Floats of the matrices that owners return from `encode` and `differentiate`.
  std::size_t first_layer_size() const;
  std::size_t hidden_size() const;

private:
  autoencoder_middle::work work_on(core::span<const float> parameters) const {
    return {step_, rows_, parameters};
  }

  double dropout_;
  autoencoder_shape shape_;
  core::parameter_layout layout_;
  std::vector<std::size_t> owned_ranges_;
  item_partition partition_;
  run_shape run_;
  kernels::worker_pool pool_;
  autoencoder_middle middle_;

  training_step step_;
  std::vector<batch_row> rows_;
  item_rows inputs_;
  std::vector<row_scale> scales_;   ///< [rows]
  std::vector<double> likelihoods_; ///< [rows]
};

} // namespace souk::models
