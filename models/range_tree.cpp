#include "models/range_tree.hpp"

#include "models/autoencoder_middle.hpp"
#include "models/kernels/elementwise.hpp"

#include <algorithm>
#include <numeric>

namespace souk::models {

namespace {

// Pieces of rows whose sums stay in a core's first-level cache.
constexpr std::size_t piece_width = 512;
constexpr std::size_t depth_max = 12;

/// The sum of one piece of a row.
class piece_sum {
public:
  piece_sum(core::span<const std::size_t> sizes,
            core::span<const core::span<const float>> partials,
            std::size_t place,
            std::size_t width)
    : sizes_{sizes}, partials_{partials}, place_{place}, width_{width} {
    // nop
  }

  /// Sums the next `count` ranges: into `to`, or where the sum is already.
  const float* sum(std::size_t count, float* to, std::size_t depth) {
    core::expects(next_ < sizes_.size() && sizes_[next_] <= count,
                  "subtrees are aligned and fill their tree");
    if (sizes_[next_] == count)
      return partials_[next_++].data() + place_;
    const auto* left = sum(count / 2, to, depth + 1);
    const auto* right = sum(count / 2, rooms_[depth], depth + 1);
    kernels::add(left, right, {to, width_});
    return to;
  }

private:
  core::span<const std::size_t> sizes_;
  core::span<const core::span<const float>> partials_;
  std::size_t place_;
  std::size_t width_;
  std::size_t next_ = 0;
  alignas(64) float rooms_[depth_max][piece_width]; ///< right subtrees, by depth
};

} // namespace

void sum_along_tree(kernels::worker_pool& pool,
                    core::span<const std::size_t> sizes,
                    core::span<const core::span<const float>> partials,
                    kernels::matrix out) {
  const auto count = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  core::expects(count <= std::size_t{1} << depth_max, "a tree has so many ranges");
  const kernels::tiling pieces{out.columns, piece_width};
  for_rows(pool, out.rows, [&](std::size_t row) {
    for (std::size_t i = 0; i < pieces.count(); ++i) {
      const auto begin = pieces.begin(i);
      const auto width = pieces.end(i) - begin;
      auto* const to = out.row(row) + begin;
      piece_sum piece{sizes, partials, row * out.stride + begin, width};
      const auto* whole = piece.sum(count, to, 0);
      if (whole != to)
        std::copy_n(whole, width, to);
    }
  });
}

} // namespace souk::models
