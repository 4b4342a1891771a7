#pragma once

#include "core/error.hpp"
#include "core/span.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

#include <cstddef>

namespace souk::models {

/// Finishes a binary tree over `count` ranges, `next` being its first subtree:
/// subtrees of `sizes` (aligned powers of two that fill the tree) are done.
/// `finished(i)` returns the i-th, `merge(left, right)` what is above two.
template <class Finished, class Merge>
auto finish_tree(core::span<const std::size_t> sizes,
                 std::size_t count,
                 std::size_t& next,
                 const Finished& finished,
                 const Merge& merge) -> decltype(finished(next)) {
  core::expects(next < sizes.size() && sizes[next] <= count,
                "subtrees are aligned and fill their tree");
  if (sizes[next] == count)
    return finished(next++);
  const auto left = finish_tree(sizes, count / 2, next, finished, merge);
  const auto right = finish_tree(sizes, count / 2, next, finished, merge);
  return merge(left, right);
}

/// Sums matrices along such a tree. Each of `partials` has the rows and the stride of
/// `out`. The tree has at most 2^12 ranges.
void sum_along_tree(kernels::worker_pool& pool,
                    core::span<const std::size_t> sizes,
                    core::span<const core::span<const float>> partials,
                    kernels::matrix out);

} // namespace souk::models
