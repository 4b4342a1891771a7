#pragma once

#include "core/parameter_layout.hpp"

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
/// rows only those that were touched. Untouched rows hold zeros and are never read,
/// written or sent.
///
/// Sums are defined element by element as left + right, an untouched row counting as
/// zeros; a finished tree has no negative zeros (`tree_reduction`), so its bits do not
/// depend on which rows either side touched.
class gradient {
public:
  explicit gradient(const parameter_layout& layout);

  const parameter_layout& layout() const {
    return *layout_;
  }

  /// The tensor's elements. Rows of a sparse tensor must be touched before use.
  span<float> tensor(std::size_t number);
  span<const float> tensor(std::size_t number) const;

  /// The whole arena.
  span<const float> values() const {
    return values_;
  }

  /// Marks rows of a sparse tensor as touched; `rows` ascend strictly.
  void touch(std::size_t number, span<const std::uint32_t> rows);

  /// The touched rows of a sparse tensor, ascending.
  const std::vector<std::uint32_t>& touched(std::size_t number) const {
    return touched_[number];
  }

  /// Sets every touched element to zero and forgets the touched rows.
  void clear();

  /// Adds `other`, which has the same layout: *this = *this + other.
  void add(const gradient& other);

  /// Views what lies inside `range`. Valid until the gradient changes.
  gradient_slice slice(const arena_range& range) const;

private:
  const parameter_layout* layout_;
  parameter_arena values_;
  std::vector<std::vector<std::uint32_t>> touched_; ///< by tensor; dense: empty
};

/// Sums partial gradients of one range along the fixed tree over blocks.
///
/// `partials[i]` is the finished subtree of `blocks[i]` blocks (powers of two that tile
/// [0, sum of blocks) in order). Returns the dense sum over the range:
/// the same bits, whatever the subtrees that the trainers finished.
class tree_reduction {
public:
  tree_reduction(arena_range range);

  /// Writes the tree's sum into `out`, [range.size()].
  void sum(const std::vector<gradient_slice>& partials,
           const std::vector<std::size_t>& blocks,
           span<float> out);

private:
  void sum_subtree(const std::vector<gradient_slice>& partials,
                   const std::vector<std::size_t>& blocks,
                   std::size_t num_blocks,
                   std::size_t depth,
                   span<float> out,
                   std::size_t& consumed);

  arena_range range_;
  std::vector<parameter_arena> scratch_; ///< one per depth of the tree
};

/// Sums numbers (losses, metrics) of blocks along the same tree: [blocks], a power of
/// two.
double tree_sum(span<const double> blocks);

/// Divides `blocks` (a power of two) among `trainers` <= blocks: each gets an aligned
/// run of blocks, a whole subtree; runs differ by at most a factor of two. Returns the
/// sizes in order.
std::vector<std::size_t> runs_of_blocks(std::size_t blocks, std::size_t trainers);

} // namespace souk::core
