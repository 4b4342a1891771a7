#pragma once

#include "core/parameter_layout.hpp"
#include "core/shareable_memory.hpp"

#include <cstdint>
#include <vector>

namespace souk::core {

/// A run of consecutive arena elements that a gradient may have changed, with its
/// values.
struct gradient_run {
  std::uint64_t offset = 0; ///< in the arena, in floats
  std::uint64_t length = 0; ///< in floats
  const float* values = nullptr;
};

/// The part of a gradient inside one range of the arena: ascending, disjoint runs.
/// What no run covers is zero.
using gradient_slice = std::vector<gradient_run>;

/// A gradient over the whole arena: dense tensors in full, and of a tensor with sparse
/// rows only those that were touched, packed one after another. Untouched rows are
/// zero; they take no memory and are never read, written or sent.
///
/// Sums are defined element by element as left + right, an untouched row counting as
/// zeros. Only the sign of a zero can depend on which rows either side touched;
/// whoever finishes the sum adds +0.0 (`models::optimiser`).
class gradient {
public:
  /// Dense tensors are zero and no row is touched.
  explicit gradient(const parameter_layout& layout);

  const parameter_layout& layout() const {
    return *layout_;
  }

  /// A dense tensor's elements.
  span<float> dense(std::size_t number);
  span<const float> dense(std::size_t number) const;

  /// Makes `rows`, which ascend strictly, the touched rows of a sparse tensor and
  /// returns the room for their elements, [rows, row size], for the caller to fill: it
  /// holds what earlier rows left there. Allocates only where a gradient never had as
  /// many.
  span<float> touch(std::size_t number, span<const std::uint32_t> rows);

  /// The touched rows of a sparse tensor, ascending, and their elements in that order.
  span<const std::uint32_t> touched(std::size_t number) const {
    return tensors_[number].rows;
  }

  span<const float> touched_values(std::size_t number) const;

  /// Views what lies inside `range`. Valid until the gradient changes.
  gradient_slice slice(const arena_range& range) const;

private:
  struct tensor_values {
    /// Dense: all; sparse: at least the touched rows'. Servers read them in place.
    shareable_vector<float> values;
    std::vector<std::uint32_t> rows; ///< sparse: touched, ascending
  };

  const parameter_layout* layout_;
  std::vector<tensor_values> tensors_;
};

/// Sums numbers (losses, metrics) of blocks along the fixed tree: [blocks], a power of
/// two.
double tree_sum(span<const double> blocks);

/// Divides `blocks` (a power of two) among `trainers` <= blocks: each gets an aligned
/// run of blocks, a whole subtree; runs differ by at most a factor of two. Returns the
/// sizes in order.
std::vector<std::size_t> runs_of_blocks(std::size_t blocks, std::size_t trainers);

} // namespace souk::core
