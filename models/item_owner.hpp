#pragma once

#include "core/aligned_vector.hpp"
#include "core/gradient.hpp"
#include "models/block_products.hpp"
#include "models/item_messages.hpp"
#include "models/item_partition.hpp"
#include "models/kernels/adam.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/learner.hpp"
#include "models/optimiser.hpp"
#include "models/sparse_inputs.hpp"

#include <map>
#include <memory>
#include <vector>

namespace souk::models {

/// What an owner of items works on, and with what.
struct item_owner_options {
  std::uint32_t num_ranges = 1;  ///< of the catalogue
  std::uint32_t first_range = 0; ///< it owns [first_range, first_range + owned): an
  std::uint32_t owned = 1;       ///< aligned power of two
  std::uint32_t rows_per_block = 0;
  std::uint32_t num_blocks = 1;
  std::size_t threads = 1;
  adam_options optimiser;
  models::precision precision = models::precision::fp32; ///< of the decoder's products
};

/// The part of a Mult-VAE or a Mult-DAE that belongs to some ranges of items, with the
/// optimiser's moments: what grows with the catalogue is computed where it lies.
///
/// A step is `encode`, `compare`, `differentiate`, `update_decoder`, `update_encoder`.
/// Each range is computed alone, whoever owns it, and sums over ranges go along their
/// tree: bits depend neither on the number of owners nor on threads. Weight gradients
/// are sums over blocks, as in `autoencoder_learner`. Adam is applied to some items at
/// a time, as soon as they have their gradient; what a step does not touch decays all
/// the same.
///
/// `arena` is the state of the whole arena, of which only the owned part is used.
class item_owner {
public:
  /// Tries which products blocks may share, in the time of a step of one range. Throws
  /// `error` if the options make no model, threads cannot be had or the processor
  /// cannot multiply bf16 where it is to.
  item_owner(const model_options& options,
             std::uint32_t num_items,
             const item_owner_options& run);

  const item_partition& partition() const {
    return partition_;
  }

  /// The items it owns.
  item_range items() const {
    return partition_.items_of(run_.first_range, run_.owned);
  }

  /// Rows of a step, padding included.
  std::size_t num_rows() const {
    return shape_of_run_.total_rows();
  }

  /// Floats of a matrix that comes or goes: [rows, padded width], of the first layer or
  /// of the last hidden one.
  std::size_t first_layer_size() const;
  std::size_t hidden_size() const;

  /// Takes a step's rows; returns the owned ranges' sum of the first layer. Every
  /// result is valid until the same one of the next step.
  core::span<const float> encode(item_rows rows, const optimiser_state& arena);

  /// Takes the last layer's inputs, which must stay until `update_decoder`; returns
  /// each row's softmax over the owned ranges.
  const std::vector<row_softmax>& compare(core::span<const float> hidden,
                                          const optimiser_state& arena);

  /// Takes what all ranges' logits came to, by row; returns the owned ranges' sum of
  /// the gradient by the last layer's inputs.
  core::span<const float> differentiate(const std::vector<row_scale>& scales,
                                        const optimiser_state& arena);

  /// Applies step `step`, counted from 1, to the last layer.
  void update_decoder(std::uint64_t step, const optimiser_state& arena);

  /// Takes the gradient by the first layer's sums; applies the step to the first layer.
  void update_encoder(std::uint64_t step,
                      core::span<const float> gradients,
                      const optimiser_state& arena);

private:
  struct owned_range {
    item_range items;
    core::aligned_buffer<float> logits; ///< [rows, padded items], then their gradient
    std::vector<row_softmax> softmaxes; ///< [rows]
    block_products* products = nullptr; ///< of ranges of this size
  };

  kernels::const_matrix weight_of(const owned_range& range,
                                  const optimiser_state& arena) const;
  kernels::matrix logits_of(const owned_range& range) const;
  core::span<const core::item_id> items_in(std::size_t row,
                                           const item_range& items) const;
  void exponentiate(owned_range& range, const optimiser_state& arena);
  void scale(owned_range& range, const std::vector<row_scale>& scales);
  /// Sums over ranges; turns each range's logits into their gradient just before it is
  /// read.
  void sum_backward(std::size_t first,
                    std::size_t count,
                    const std::vector<row_scale>& scales,
                    const optimiser_state& arena,
                    kernels::matrix out);

  autoencoder_shape shape_;
  item_owner_options run_;
  run_shape shape_of_run_;
  item_partition partition_;
  kernels::worker_pool pool_;
  sparse_inputs inputs_;
  std::map<std::size_t, std::unique_ptr<block_products>> products_; ///< by size
  std::vector<owned_range> ranges_;
  std::vector<core::item_id> range_ends_; ///< within the owned items

  item_rows rows_;
  kernels::matrix hidden_;
  core::aligned_buffer<float> first_layer_, hidden_gradients_;
  std::vector<core::aligned_buffer<float>> right_sums_; ///< of the tree, by depth
  std::vector<row_softmax> softmaxes_;                  ///< [rows]
  core::aligned_buffer<float> item_gradients_;          ///< of some items, by worker
  core::parameter_layout encoder_layout_;               ///< of the owned rows alone
  core::gradient encoder_gradient_;
};

} // namespace souk::models
