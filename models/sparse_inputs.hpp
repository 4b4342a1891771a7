#pragma once

#include "core/aligned_vector.hpp"
#include "core/gradient.hpp"
#include "core/ids.hpp"
#include "models/block_products.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

#include <cstdint>
#include <vector>

namespace souk::models {

/// What the first layer sees of a run: sparse rows of items with their values, and the
/// layer's products with a weight [items, width] of which only the items' rows count.
///
/// Has room for `items_per_row_expected` items a row, averaged over the run, from the
/// start. A step with more allocates, and its room is kept.
class sparse_inputs {
public:
  /// Several times what users of MovieLens have.
  static constexpr std::size_t items_per_row_expected = 400;

  sparse_inputs(kernels::worker_pool& pool,
                run_shape run,
                std::size_t num_items,
                std::size_t width);

  /// Makes room for rows of at most length_of(row) items; what was there is gone.
  template <class LengthOf>
  void make_room(const LengthOf& length_of) {
    std::uint64_t end = 0;
    for (std::size_t row = 0; row < begins_.size(); ++row) {
      begins_[row] = end;
      end += length_of(row);
    }
    items_.resize(end);
    values_.resize(end);
  }

  /// Room for a row's items and values.
  kernels::input_row room(std::size_t row);

  /// Says how much of the room is used.
  void set_length(std::size_t row, std::size_t length) {
    lengths_[row] = static_cast<std::uint32_t>(length);
  }

  /// outputs = inputs weight: [rows, width].
  void forward(kernels::const_matrix weight, kernels::matrix outputs);

  /// The same for inputs whose items ascend, summed within ranges of items that end at
  /// `range_ends` (a power of two of them), and then over ranges along a tree.
  void forward(kernels::const_matrix weight,
               core::span<const core::item_id> range_ends,
               kernels::matrix outputs);

  /// Sums inputs^T gradients, [rows, width], over blocks along the tree, into the items
  /// that occur: rows of the sparse tensor `number` of `out`.
  void weight_gradient(kernels::const_matrix gradients,
                       std::size_t number,
                       core::gradient& out);

private:
  /// Of a row, from entry `next` on; moves `next` behind what was summed.
  void sum_ranges(kernels::const_matrix weight,
                  core::span<const core::item_id> range_ends,
                  std::uint64_t end,
                  std::uint64_t& next,
                  float* scratch,
                  float* out) const;

  void transpose();
  void sum_blocks(std::size_t item,
                  std::size_t first,
                  std::size_t count,
                  kernels::const_matrix gradients,
                  float* scratch,
                  float* out) const;

  kernels::worker_pool& pool_;
  run_shape run_;
  std::size_t width_;

  std::vector<std::uint64_t> begins_;  ///< [rows]
  std::vector<std::uint32_t> lengths_; ///< [rows]
  std::vector<core::item_id> items_;
  std::vector<float> values_;

  // The same by item: entries of touched_[i] are [offsets_[i], offsets_[i + 1]), by
  // row.
  std::vector<core::item_id> touched_;
  std::vector<std::uint64_t> offsets_; ///< [touched + 1]
  std::vector<std::uint32_t> entry_rows_;
  std::vector<float> entry_values_;
  std::vector<std::uint64_t> next_;     ///< [num_items]: counts, then places to fill
  core::aligned_vector<float> scratch_; ///< right subtrees, by worker and depth
  core::aligned_vector<float> range_scratch_; ///< the same, over ranges of items
};

} // namespace souk::models
